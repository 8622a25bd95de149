#!/usr/bin/env bash
# Runs a PostgreSQL server of its own for tests: a new cluster in a temporary folder, on a free port of 127.0.0.1, that flushes nothing.
#
#   tests/start-postgres.sh [--no-install]
#
# Prints STICKYPI_TEST_POSTGRES=<connection string of Npgsql> when the server answers, and runs until its input ends or it gets a signal; so it
# also ends when whoever started it is killed. Then everything that it made is gone. In a terminal: Ctrl-D or Ctrl-C. What is missing is
# installed from Debian's packages if that can be done, unless --no-install says otherwise. PostgreSQL refuses to run as root: then it runs
# as the user postgres, whom the package makes. Ends with 3 where the package is missing, with 1 where the server does not start.
set -uo pipefail

attempts=4

say() { printf '%s\n' "$*" >&2; }

# Debian keeps the programs of a server out of the path, since there may be several versions.
find_programs() {
    local folder
    if command -v initdb > /dev/null && command -v postgres > /dev/null; then
        programs=$(dirname "$(readlink -f "$(command -v initdb)")")
        return 0
    fi
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
        if [[ -x $folder/initdb && -x $folder/postgres ]]; then
            programs=$folder
            return 0
        fi
    done
    return 1
}

programs=
if ! find_programs && [[ ${1:-} != --no-install ]] && [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    say 'Installing postgresql'
    export DEBIAN_FRONTEND=noninteractive
    # Without a cluster of the package's own, which would run from then on.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/stickypi-test.conf
    { apt-get update && apt-get install --yes --no-install-recommends postgresql; } > /dev/null
    rm -f /etc/postgresql-common/createcluster.d/stickypi-test.conf
fi
if ! find_programs; then
    say "There is no PostgreSQL server to test with: install postgresql (Debian's name), or set STICKYPI_TEST_POSTGRES."
    exit 3
fi

owner=$(id -un)
if [[ $(id -u) == 0 ]]; then
    owner=postgres
    if ! id "$owner" > /dev/null 2>&1; then
        say 'PostgreSQL does not run as root, and there is no user postgres: run this as another user, or set STICKYPI_TEST_POSTGRES.'
        exit 3
    fi
fi

# No function, and so no shell, stands between this script and the server: what is killed is the server.
as_owner=()
[[ $owner == "$(id -un)" ]] || as_owner=(setpriv --reuid="$owner" --regid="$owner" --clear-groups)

folder=$(mktemp --directory "${TMPDIR:-/tmp}/stickypi-postgres-XXXXXX") || exit 1
chown "$owner" "$folder"
server=

stop_server() {
    # Nothing of it is kept, so it need not finish anything; but killed, it would leave shared memory behind.
    if [[ -n $server ]]; then
        kill -QUIT "$server"
        (sleep 5 && kill -KILL "$server") > /dev/null &
        wait "$server"
        kill $!
        server=
    fi
} 2> /dev/null

# Its other processes may hold files of the folder for a moment longer.
remove_folder() {
    local i
    for ((i = 0; i < 50; i++)); do
        rm -rf "$folder" 2> /dev/null && return
        sleep 0.1
    done
}

# A signal must end the wait for the input below, and the trap of EXIT must run once.
trap 'stop_server; remove_folder' EXIT
trap 'exit 130' INT TERM HUP

# Below the ports that systems give to clients (32768 and up on Linux).
free_port() {
    local port
    while :; do
        port=$((10000 + RANDOM % 20000))
        if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            echo "$port"
            return
        fi
    done
}

cd "$folder" || exit 1
user=stickypi
password=$(tr -d - < /proc/sys/kernel/random/uuid)
printf '%s\n' "$password" > "$folder/password"
chown "$owner" "$folder/password"
chmod 600 "$folder/password"
if ! "${as_owner[@]}" "$programs/initdb" --pgdata="$folder/data" --username="$user" --pwfile="$folder/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync > "$folder/log" 2>&1; then
    tail -n 5 "$folder/log" >&2
    exit 1
fi
rm -f "$folder/password"

start() {
    local port=$1 i
    "${as_owner[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
        -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c timezone=America/St_Johns < /dev/null >> "$folder/log" 2>&1 &
    server=$!
    for ((i = 0; i < 600; i++)); do
        grep -q 'ready to accept connections' "$folder/log" && return 0
        kill -0 "$server" 2> /dev/null || break
        sleep 0.05
    done
    return 1
}

for ((attempt = 1; ; attempt++)); do
    # Whether a port is free is only certain when it is taken: another server may have been quicker.
    port=$(free_port)
    start "$port" && break
    stop_server
    if ((attempt >= attempts)); then
        say 'PostgreSQL did not start; the end of its log:'
        tail -n 5 "$folder/log" >&2
        exit 1
    fi
done

printf 'STICKYPI_TEST_POSTGRES=Host=127.0.0.1;Port=%s;Username=%s;Password=%s;Database=postgres\n' "$port" "$user" "$password"

# Waiting for the input in this shell would hold signals up; waiting for a child does not.
cat > /dev/null <&0 &
wait $!
