#!/bin/sh
# Certificates for http.sh, made with openssl and (for dates in the past) faketime: what src/certificates.ts makes
# with node-forge, from another hand.
#   certs.sh DIR      (overwrites DIR; passphrase of the protected client files: changeit)
set -eu
d=${1:?folder}; mkdir -p "$d"; cd "$d"
q() { "$@" >openssl.log 2>&1 || { echo "failed: $*" >&2; cat openssl.log >&2; exit 1; }; }
ca() { q openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.crt" -days 3650 -subj "/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign; }
leaf() { # name subject SAN|- extendedKeyUsage CA start-cmd days
  q openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
  { [ "$3" = - ] || echo "subjectAltName=$3"; echo "extendedKeyUsage=$4"; echo "basicConstraints=CA:FALSE"; } >"$1.ext"
  q ${6:-} openssl x509 -req -in "$1.csr" -CA "$5.crt" -CAkey "$5.key" -CAcreateserial -days "${7:-825}" -sha256 -extfile "$1.ext" -out "$1.crt"
  rm -f "$1.csr" "$1.ext"
}
LOCAL=DNS:localhost,IP:127.0.0.1,IP:::1
ca ca 'Debian rig CA'; ca other-ca 'Debian rig other CA'
leaf good        '/CN=rig good'        "$LOCAL"               serverAuth ca
leaf wrong-host  '/CN=rig wrong-host'  DNS:wrong.example.test serverAuth ca
leaf untrusted   '/CN=rig untrusted'   "$LOCAL"               serverAuth other-ca
leaf expired     '/CN=rig expired'     "$LOCAL"               serverAuth ca "faketime -f -400d" 30
leaf not-yet     '/CN=rig not-yet'     "$LOCAL"               serverAuth ca "faketime -f +400d" 30
leaf client-only '/CN=rig client-only' "$LOCAL"               clientAuth ca
q openssl req -x509 -newkey rsa:2048 -nodes -keyout self-signed.key -out self-signed.crt -days 825 -subj '/CN=rig self-signed' -addext "subjectAltName=$LOCAL"
# Intermediate: chain.crt is leaf + intermediate; missing-chain serves the leaf alone.
q openssl req -newkey rsa:2048 -nodes -keyout inter.key -out inter.csr -subj '/CN=Debian rig intermediate'
printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n' >inter.ext
q openssl x509 -req -in inter.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1825 -sha256 -extfile inter.ext -out inter.crt; rm inter.csr inter.ext
leaf missing-chain '/CN=rig missing-chain' "$LOCAL" serverAuth inter
cat missing-chain.crt inter.crt >chain.crt; cp missing-chain.key chain.key
# haproxy wants both in one file.
cat good.crt good.key >good.pem
# One client certificate in every form. No CA goes into the PFX: Node would trust it.
leaf client /CN=connector - clientAuth ca
q openssl pkcs8 -topk8 -in client.key -out client-encrypted.key -passout pass:changeit -v2 aes-256-cbc
q openssl pkcs12 -export -inkey client.key -in client.crt -out client.pfx -passout pass:changeit
q openssl pkcs12 -export -inkey client.key -in client.crt -out client-nopass.pfx -passout pass:
rm openssl.log
# Last, so that an interrupted run is not taken for a whole one.
: >complete
