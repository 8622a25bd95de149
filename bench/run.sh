#!/usr/bin/env bash
# Prints how fast StickyPi is, each figure as a ratio to a named competitor that ran beside it: medians of five, the two sides in turn.
#
#   bench/run.sh [send] [again] [series] [annotations] [sync] [remote] [load] [import]     all by default
#
# It builds in Release first. vipsthumbnail (Debian: libvips-tools) and pwsh must be on PATH for the comparisons that name them;
# what is missing is skipped and said so; STICKYPI_BENCH_PYTHON names a Python that has the existing client, sticky_pi_api. rclone,
# and an S3 server that STICKYPI_TEST_S3, STICKYPI_TEST_S3_KEY and STICKYPI_TEST_S3_SECRET name (tests/start-radosgw.sh starts one), serve
# for sync, and STICKYPI_TEST_POSTGRES (tests/start-postgres.sh) for load. STICKYPI_BENCH_FOLDER names the folder for its files, a temporary one by default.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build --configuration Release --nologo --verbosity quiet bench/StickyPi.Bench
dotnet build --configuration Release --nologo --verbosity quiet src/StickyPi.PowerShell
dotnet build --configuration Release --nologo --verbosity quiet src/StickyPi.Server
exec dotnet bench/StickyPi.Bench/bin/Release/net10.0/StickyPi.Bench.dll "$@"
