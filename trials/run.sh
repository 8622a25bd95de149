#!/usr/bin/env bash
# Runs what is too much for the test suite: the same tests in their whole size. `dotnet test` has a short form of each.
#
#   trials/run.sh [kills] [unchanged] [models] [python]     all by default
#
# kills      200 senders are killed at random moments; each leaves a whole store that the next one completes
# unchanged  5,000 files that were sent before are sent again, and strace sees none of them opened
# models     objects of 200 MiB that rclone and s3cmd have uploaded, in parts of any size, compare as equal
# python     the existing Python client works against the server, and its own twelve tests pass. STICKYPI_TEST_PYTHON names a Python that
#            has what the client needs, and STICKYPI_TEST_PYTHON_CLIENT a checkout of sticky-pi-api, branch main; without that, the
#            Python must have the client, sticky_pi_api, too
#
# STICKYPI_TEST_S3 and its key and secret name a server for models; without them, one is started as for the tests.
set -uo pipefail
cd "$(dirname "$0")/.."

trial() {
    local project=$1 filter=$2
    shift 2
    printf '\n== %s %s\n' "$filter" "$*"
    local log settings
    log=$(mktemp)

    # The suite's settings leave trials out, whatever the filter says.
    settings=$(mktemp --suffix=.runsettings)
    grep -v TestCaseFilter tests/test.runsettings > "$settings"
    env "$@" dotnet test "tests/$project" --settings "$settings" --filter "$filter" --logger 'console;verbosity=normal' 2>&1 | tee "$log" || failed=1
    if ! grep -qE 'Passed: +[1-9]' "$log"; then
        printf 'Nothing ran: what the trial needs is missing.\n' >&2
        failed=1
    fi
    rm -f "$log" "$settings"
}

failed=0
(($# > 0)) || set -- kills unchanged models python
for name in "$@"; do
    case $name in
        kills) trial StickyPi.Providers.Tests FullyQualifiedName~A_sender_that_is_killed_at_any_moment STICKYPI_TEST_KILLS=200 ;;
        unchanged) trial StickyPi.Providers.Tests FullyQualifiedName~Sending_unchanged_files_again STICKYPI_TEST_UNCHANGED=5000 ;;
        models) trial StickyPi.Providers.Tests FullyQualifiedName~OtherProgramsTests STICKYPI_TEST_MODEL_MEBIBYTES=200 ;;
        python) trial StickyPi.Server.Tests Trial=Whole ;;
        *) printf 'There is no trial %s: kills, unchanged, models and python are trials.\n' "'$name'" >&2; exit 2 ;;
    esac
done
exit "$failed"
