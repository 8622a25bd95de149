#!/usr/bin/env bash
# Runs an S3 server of its own for tests: Ceph's radosgw with one monitor and one store in memory, on free ports of 127.0.0.1.
#
#   tests/start-radosgw.sh [--no-install]
#
# Prints STICKYPI_TEST_S3, STICKYPI_TEST_S3_KEY and STICKYPI_TEST_S3_SECRET, one NAME=value a line, when the server answers, and runs until
# its input ends or it gets a signal; so it also ends when whoever started it is killed. Then everything that it made is gone. In a terminal:
# Ctrl-D or Ctrl-C. What is missing is installed from Debian's packages if that can be done, unless --no-install says otherwise.
# Ends with 3 where the packages are missing, with 1 where the server does not start.
set -uo pipefail

packages=(ceph-mon ceph-osd radosgw ceph-common curl)
programs=(ceph-mon ceph-osd radosgw radosgw-admin ceph monmaptool curl)
attempts=4

say() { printf '%s\n' "$*" >&2; }

missing() {
    local program
    for program in "${programs[@]}"; do
        command -v "$program" > /dev/null || return 0
    done
    return 1
}

if missing && [[ ${1:-} != --no-install ]] && [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    say "Installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends "${packages[@]}"; } > /dev/null
fi
if missing; then
    say "There is no S3 server to test with: install ${packages[*]} (Debian's names), or set STICKYPI_TEST_S3, STICKYPI_TEST_S3_KEY and STICKYPI_TEST_S3_SECRET."
    exit 3
fi

folder=$(mktemp --directory "${TMPDIR:-/tmp}/stickypi-s3-XXXXXX") || exit 1
daemons=()

stop_daemons() {
    # Nothing of it is kept, so none of them has to be asked politely.
    if ((${#daemons[@]} > 0)); then
        kill -KILL "${daemons[@]}"
        wait "${daemons[@]}"
        daemons=()
    fi
} 2> /dev/null

# A signal must end the wait for the input below, and the trap of EXIT must run once.
trap 'stop_daemons; rm -rf "$folder"' EXIT
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

# Everything that waits is bounded, and so is what waits for a daemon that has died.
await() {
    local name=$1 i
    shift
    for ((i = 0; i < 200; i++)); do
        "$@" > /dev/null 2>&1 && return 0
        kill -0 "${daemons[@]}" 2> /dev/null || break
        sleep 0.05
    done
    say "$name did not start; the end of its log:"
    tail -n 5 "$folder/log/$name" >&2
    return 1
}

run() {
    local name=$1
    shift
    "$@" --foreground < /dev/null > "$folder/log/$name" 2>&1 &
    daemons+=($!)
}

osd_is_up() { [[ $(timeout 10 ceph osd stat 2> /dev/null) == *'1 up'* ]]; }

start() {
    local monitor_port=$1 port=$2 cluster osd
    cluster=$(< /proc/sys/kernel/random/uuid)
    osd=$(< /proc/sys/kernel/random/uuid)
    rm -rf "${folder:?}"/*
    mkdir "$folder"/{mon,osd,rgw,log,run} || return 1
    : > "$folder/keyring"
    export CEPH_CONF=$folder/ceph.conf
    cat > "$CEPH_CONF" << END
[global]
fsid = $cluster
mon host = [v2:127.0.0.1:$monitor_port/0]
ms bind msgr1 = false
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
# One machine, nobody else, nothing to keep: no keys within the cluster, no sockets, no logs but what the daemons print.
auth cluster required = none
auth service required = none
auth client required = none
ms cluster mode = crc
ms service mode = crc
ms client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
ms mon client mode = crc
keyring = $folder/keyring
run dir = $folder/run
crash dir = $folder/run
pid file =
admin socket =
log file =
mon cluster log file =
log to stderr = true
err to stderr = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
mon data avail crit = 1
mon data avail warn = 2
# The monitor collects changes for a second by default, and starting is a dozen changes.
paxos propose interval = 0.02
paxos min wait = 0.01
mon tick interval = 1
[mon.a]
mon data = $folder/mon
mon initial members = a
[osd]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 8589934592
osd max object name len = 2048
osd class load list = *
osd class default list = *
osd op num shards = 2
[client.rgw]
rgw data = $folder/rgw
rgw frontends = beast tcp_nodelay=1 endpoint=127.0.0.1:$port
rgw dns name = localhost
# What is deleted is kept for two hours by default; here it is memory.
rgw gc obj min wait = 5
rgw gc processor period = 5
rgw gc processor max time = 5
rgw rados pool pg num min = 8
rgw thread pool size = 64
rgw enable usage log = false
END
    {
        monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor_port]" "$folder/monmap" &&
            ceph-mon --mkfs --id a --monmap "$folder/monmap"
    } > "$folder/log/mon" 2>&1 || { tail -n 5 "$folder/log/mon" >&2; return 1; }
    run mon ceph-mon --id a
    await mon timeout 10 ceph osd new "$osd" || return 1
    ceph-osd --id 0 --mkfs --osd-uuid "$osd" > "$folder/log/osd" 2>&1 || { tail -n 5 "$folder/log/osd" >&2; return 1; }
    run osd ceph-osd --id 0
    await osd osd_is_up || return 1
    radosgw-admin user create --uid test --display-name test --access-key "$key" --secret "$secret" > "$folder/log/user" 2>&1 ||
        { tail -n 5 "$folder/log/user" >&2; return 1; }
    run rgw radosgw --name client.rgw
    await rgw curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"
}

key=TEST$(tr -d - < /proc/sys/kernel/random/uuid | head -c 16 | tr a-f A-F)
secret=$(tr -d - < /proc/sys/kernel/random/uuid)
for ((attempt = 1; ; attempt++)); do
    # Whether a port is free is only certain when it is taken: another cluster may have been quicker.
    s3_port=$(free_port)
    start "$(free_port)" "$s3_port" && break
    stop_daemons
    ((attempt < attempts)) || exit 1
done

printf 'STICKYPI_TEST_S3=http://127.0.0.1:%s\nSTICKYPI_TEST_S3_KEY=%s\nSTICKYPI_TEST_S3_SECRET=%s\n' "$s3_port" "$key" "$secret"

# Waiting for the input in this shell would hold signals up; waiting for a child does not.
cat > /dev/null <&0 &
wait $!
