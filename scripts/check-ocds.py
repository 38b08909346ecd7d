#!/usr/bin/env python3
"""Checks a release package against the official schema of the Open Contracting Data Standard 1.1.

    scripts/check-ocds.py PACKAGE.json SCHEMA_DIR

SCHEMA_DIR holds ocds-1.1/release-package-schema.json and release-schema.json, or is that folder itself. Needs Python's
`jsonschema` (4.18 or newer). Names every violation; exit code 1 if there is one.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4


def main(package: str, folder: str) -> int:
    folder = Path(folder)
    if (folder / "ocds-1.1").is_dir():
        folder = folder / "ocds-1.1"
    load = lambda name: json.loads((folder / name).read_text())
    outer, inner = load("release-package-schema.json"), load("release-schema.json")
    resource = Resource.from_contents(inner, default_specification=DRAFT4)
    registry = Registry().with_resource(inner["id"], resource)
    validator = Draft4Validator(outer, registry=registry, format_checker=FormatChecker())
    errors = list(validator.iter_errors(json.loads(Path(package).read_text())))
    for error in errors:
        print(f"/{'/'.join(map(str, error.absolute_path))}: {error.message}")
    return 1 if errors else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
