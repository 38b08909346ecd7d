#!/bin/sh
# Plays the main job with the data of one city and lets the independent checker confirm it. Run by `make demo`.
#
#   scripts/demo.sh [CITY]     kupang (default), bogor, jakarta-utara
set -eu
cd "$(dirname "$0")/.."
city=${1:-kupang}
database=var/demo-$city.db
files=var/demo-$city

# A demo starts from nothing, so that it shows the same every time. Only files that a demo wrote are removed.
mkdir -p var
if [ -e "$database" ]; then
    echo "demo: replacing the demo of before in $database"
fi
rm -rf "$database" "$database-wal" "$database-shm" "$files"
mkdir -p "$files"

target/release/pasok demo --city "$city" --database "sqlite://$PWD/$database" --keep "$files"

# The plan is judged once more from the files alone, by a program that shares no code with the engines.
echo
echo "demo: checking $files/plan.json against $files/problem.json"
target/release/pasok-solver check "$files/problem.json" "$files/plan.json"
echo "demo: checking every record in $database"
target/release/pasok check --database "sqlite://$PWD/$database"

echo
echo "demo: database   $database"
echo "demo: problem    $files/problem.json"
echo "demo: plan       $files/plan.json"
echo "demo: to look at it in a browser: make serve CITY=$city"
