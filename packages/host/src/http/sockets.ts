import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import { certificateFacts, type CertificateFacts } from "../tls/certificate-facts.ts";

/** What became of a socket; nothing else tells whether a request can have been sent. */
interface SocketFacts {
  /** Its connection, TLS included, was made: from then on what is written may arrive. */
  ready: boolean;
  /** What the other side showed, even where it was refused for it. */
  certificate?: CertificateFacts;
}

const known = new WeakMap<Socket, SocketFacts>();

/** Follows a socket from the moment it is made. */
export function watchSocket(socket: Socket): void {
  const facts: SocketFacts = { ready: false };
  known.set(socket, facts);
  const ready = () => (facts.ready = true);
  if (!(socket instanceof TLSSocket)) {
    if (socket.connecting) socket.once("connect", ready);
    else ready();
    return;
  }
  socket.once("secureConnect", ready);
  // Node reads the certificate away before it emits an error about it, so ours must be the first listener. It must not
  // ask with getPeerX509Certificate(): after that Node 24 finds no name in any certificate.
  socket.prependOnceListener("secure", () => {
    // Without a certificate the object is empty, whatever its type says.
    const { raw } = socket.getPeerCertificate() as { raw?: Buffer };
    const read = raw === undefined ? undefined : certificateFacts(raw);
    if (read !== undefined) facts.certificate = read;
  });
}

/** The facts of a socket; one that nobody knows of was never made, so that nothing went over it. */
export const socketFacts = (socket: Socket | null | undefined): Readonly<SocketFacts> =>
  (socket == null ? undefined : known.get(socket)) ?? { ready: false };
