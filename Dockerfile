# Pasok's container image: one program, one volume, no root.   docker build -t pasok . && docker run -p 8080:8080 -v pasok:/data pasok
#
# scripts/check-dockerfile.sh replays these steps without a container engine; it knows FROM, RUN, COPY, WORKDIR, ENV,
# USER and HEALTHCHECK in the forms used here, so keep to them.

FROM rust:1.95-bookworm AS build
# cmake builds HiGHS, libclang reads its headers, OpenSSL gives libpq its TLS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake libclang-dev libssl-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --release --workspace --locked \
 && install -D --target-directory=/out target/release/pasok target/release/pasok-solver

FROM debian:bookworm-slim
# What the programs link at run time, and the roots that webhooks and databases are verified with.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 pasok \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin pasok \
 && install -d -o pasok -g pasok -m 0750 /data
COPY --from=build /out/ /usr/local/bin/
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /data
# The SQLite file and the key that signs the record. With PASOK_DATABASE_URL=postgres://… only the key is kept here.
VOLUME /data
ENV PASOK_DATABASE_URL=sqlite:///data/pasok.db PASOK_LISTEN=0.0.0.0:8080
EXPOSE 8080
# The program asks its own server, so that the image needs no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["pasok", "healthcheck"]
ENTRYPOINT ["pasok"]
CMD ["serve"]
