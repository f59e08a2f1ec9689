#!/bin/sh
# The rig once more, of Debian programs: httpbin (gunicorn) behind nginx, squid and tinyproxy, and haproxy in front of
# both of them, so that there are https proxies. Certificates from certs.sh.
#   http.sh install | missing | start | stop | status | ports
# Settings: TARGETS_STATE (default ./.targets). Proxy user and password: proxyuser / proxy-pass.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
state=${TARGETS_STATE:-.targets}/http; mkdir -p "$state"; state=$(cd "$state" && pwd)
c=$state/certs
root() { [ "$(id -u)" = 0 ]; }
six() { grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null; }
# By its name too: after a restart of the machine the number may belong to another program.
alive() { [ -s "$state/$1.pid" ] && grep -q "$1" "/proc/$(cat "$state/$1.pid")/cmdline" 2>/dev/null; }
bg() { n=$1; shift; setsid "$@" >"$state/$n.log" 2>&1 </dev/null & echo $! >"$state/$n.pid"; }
ports() { cat <<P
3910 httpbin, plain HTTP (/anything /status/N /delay/N /redirect/N ...)
3920 TLS good  3921 wrong host name  3923 unknown CA  3924 expired  3925 not yet valid  3926 client-auth-only EKU
3927 self-signed  3928 intermediate missing  3929 full chain  3932 TLS 1.2 only  3933 TLS 1.3 only
3930 client certificate required, good   3950 wrong host name  3951 unknown CA  3952 expired     (refuse with 400)
3931 client certificate optional, good   3953 wrong host name  3954 unknown CA  3955 expired
3956 client certificate required, good, haproxy    (refuses with an alert of TLS)
     (3920-3956 pass to httpbin and add request headers X-Client-Verify / X-Client-Dn / X-Tls)
3940 squid, basic auth, CONNECT to any port of loopback   3941 tinyproxy, no auth
3943 the same squid over TLS, good                        3944 the same tinyproxy over TLS, good
P
}
missing() {
  for p in gunicorn nginx squid tinyproxy haproxy htpasswd faketime openssl curl setsid; do command -v $p >/dev/null || echo $p; done
  [ -d /usr/lib/python3/dist-packages/httpbin ] || echo python3-httpbin
  [ -x /usr/lib/squid/basic_ncsa_auth ] || echo basic_ncsa_auth
}
server() { # port certificate more
  echo "  server { listen 127.0.0.1:$1 ssl; $(! six || echo "listen [::1]:$1 ssl;") server_name localhost; ssl_certificate $c/$2.crt; ssl_certificate_key $c/$2.key; ${3:-}"
  cat <<'S'
    location / { proxy_pass http://127.0.0.1:3910; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header X-Client-Verify $ssl_client_verify; proxy_set_header X-Client-Dn $ssl_client_s_dn; proxy_set_header X-Tls $ssl_protocol; } }
S
}
nginx_conf() {
  ! root || echo "user root;"   # or it could not reach a state folder below /root
  cat <<N
worker_processes 1; pid $state/nginx.pid; error_log $state/nginx-error.log;
events { worker_connections 256; }
http {
  access_log $state/nginx-access.log; client_body_temp_path $state/tmp1; proxy_temp_path $state/tmp2; fastcgi_temp_path $state/tmp3; uwsgi_temp_path $state/tmp4; scgi_temp_path $state/tmp5;
  large_client_header_buffers 4 16k; client_max_body_size 20m; ssl_protocols TLSv1.2 TLSv1.3;
N
  server 3920 good; server 3921 wrong-host; server 3923 untrusted; server 3924 expired; server 3925 not-yet
  server 3926 client-only; server 3927 self-signed; server 3928 missing-chain; server 3929 chain
  server 3932 good "ssl_protocols TLSv1.2;"; server 3933 good "ssl_protocols TLSv1.3;"
  ask="ssl_client_certificate $c/ca.crt; ssl_verify_depth 2; ssl_verify_client"
  server 3930 good "$ask on;"; server 3950 wrong-host "$ask on;"; server 3951 untrusted "$ask on;"; server 3952 expired "$ask on;"
  server 3931 good "$ask optional;"; server 3953 wrong-host "$ask optional;"; server 3954 untrusted "$ask optional;"; server 3955 expired "$ask optional;"
  echo '}'
}
squid_conf() { # its own folder
  cat <<S
http_port 127.0.0.1:3940
pid_filename none
$(! root || echo "cache_effective_user proxy")
auth_param basic program /usr/lib/squid/basic_ncsa_auth $1/users
auth_param basic realm rig
acl authed proxy_auth REQUIRED
acl loop dst 127.0.0.0/8 ::1
http_access allow authed loop
http_access deny all
cache deny all
access_log stdio:$1/access.log
logfile_rotate 0
cache_log $1/cache.log
coredump_dir $1
shutdown_lifetime 1 seconds
S
}
tinyproxy_conf() { cat <<S
Port 3941
Listen 127.0.0.1
Timeout 60
Allow 127.0.0.1
LogFile "$state/tinyproxy-access.log"
LogLevel Info
PidFile "$state/tinyproxy-own.pid"
S
}
haproxy_tls() { # port more
  echo "  bind 127.0.0.1:$1 ssl crt $c/good.pem ${2:-}"
  ! six || echo "  bind [::1]:$1 ssl crt $c/good.pem ${2:-}"
}
haproxy_conf() { cat <<S
defaults
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen tls-squid
  mode tcp
$(haproxy_tls 3943)
  server squid 127.0.0.1:3940
listen tls-tinyproxy
  mode tcp
$(haproxy_tls 3944)
  server tinyproxy 127.0.0.1:3941
listen strict
  mode http
$(haproxy_tls 3956 "ca-file $c/ca.crt verify required")
  http-request set-header X-Client-Verify SUCCESS
  http-request set-header X-Client-Dn CN=%[ssl_c_s_dn(cn)]
  http-request set-header X-Tls %[ssl_fc_protocol]
  server httpbin 127.0.0.1:3910
S
}
up() { # what curl-arguments...
  what=$1; shift; i=0
  until curl -sf -o /dev/null --cacert "$c/ca.crt" --proxy-cacert "$c/ca.crt" "$@"; do
    i=$((i+1)); [ $i -lt 80 ] || { echo "down: $what; logs are in $state" >&2; "$0" stop >&2; exit 1; }; sleep 0.25
  done
}
case "${1:-start}" in
  install) DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-upgrade python3-httpbin gunicorn nginx-light squid tinyproxy-bin haproxy apache2-utils faketime openssl curl </dev/null ;;
  missing) missing ;;
  ports) ports ;;
  start)
    if alive nginx; then echo "already up"; exit 0; fi
    [ -z "$(missing)" ] || { echo "missing:" $(missing) >&2; exit 1; }
    # The client's certificates last 825 days, and those in a CI cache may be older.
    [ -f "$c/complete" ] && openssl x509 -in "$c/good.crt" -noout -checkend 86400 >/dev/null || "$here/certs.sh" "$c"
    sq=$(mktemp -d); echo "$sq" >"$state/squid.dir"   # squid drops to user `proxy`, which may not reach $state
    htpasswd -bc "$sq/users" proxyuser proxy-pass >/dev/null 2>&1; : >"$sq/access.log"; : >"$sq/cache.log"
    ! root || chown -R proxy:proxy "$sq"
    chmod 755 "$sq"
    : >"$state/tinyproxy-access.log"
    nginx_conf >"$state/nginx.conf"; squid_conf "$sq" >"$state/squid.conf"
    tinyproxy_conf >"$state/tinyproxy.conf"; haproxy_conf >"$state/haproxy.cfg"
    bg httpbin gunicorn -b 127.0.0.1:3910 -w 1 --threads 8 httpbin:app
    nginx -c "$state/nginx.conf" -e "$state/nginx-error.log" >"$state/nginx.log" 2>&1 || { cat "$state/nginx.log" >&2; "$0" stop >&2; exit 1; }
    # A name for its shared memory that no other squid of this machine has.
    rm -f /dev/shm/squidrig-*; bg squid squid -n squidrig -N -f "$state/squid.conf"
    bg tinyproxy tinyproxy -d -c "$state/tinyproxy.conf"
    bg haproxy haproxy -db -f "$state/haproxy.cfg"
    target=http://127.0.0.1:3910/status/200
    up httpbin $target; up nginx https://localhost:3920/status/200
    up squid -x http://proxyuser:proxy-pass@127.0.0.1:3940 $target; up tinyproxy -x http://127.0.0.1:3941 $target
    up 'haproxy before squid' -x https://proxyuser:proxy-pass@localhost:3943 $target; up 'haproxy before tinyproxy' -x https://localhost:3944 $target
    for n in httpbin squid tinyproxy haproxy; do alive $n || { echo "$n ended, and something else has its port; see $state/$n.log" >&2; "$0" stop >&2; exit 1; }; done
    echo "rig up; CA: $c/ca.crt"; ports ;;
  stop)
    for n in haproxy tinyproxy squid nginx httpbin; do
      if alive $n; then kill "$(cat "$state/$n.pid")" 2>/dev/null || :; i=0; while alive $n && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.25; done; fi; rm -f "$state/$n.pid"
    done
    [ ! -s "$state/squid.dir" ] || rm -rf "$(cat "$state/squid.dir")"; rm -f "$state/squid.dir"; echo stopped ;;
  status) rc=0; for n in httpbin nginx squid tinyproxy haproxy; do if alive $n; then echo "$n up"; else echo "$n down"; rc=1; fi; done; exit $rc ;;
  *) echo "usage: http.sh install|missing|start|stop|status|ports" >&2; exit 2 ;;
esac
