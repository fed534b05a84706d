import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { CannotStart } from '../platform/cannot-start.ts';

/** A port that Kernlijn is about to listen on, and the variable that chooses it. */
export interface WantedPort {
  variable: string;
  port: number;
  protocols: readonly ('tcp' | 'udp')[];
}

/** Says of every port that cannot be had which one it is, and what to set. Nothing is left listening. */
export async function refuseTakenPorts(host: string, wanted: readonly WantedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const { variable, port, protocols } of wanted) {
    for (const protocol of protocols) {
      const code = port === 0 ? undefined : await attempt(protocol, host, port);
      if (code !== undefined) problems.push(sentence(code, variable, `${protocol} port ${port}`, host));
    }
  }
  if (problems.length > 0) throw new CannotStart([...new Set(problems)].join('\n'));
}

function sentence(code: string, variable: string, port: string, host: string): string {
  const choose = `set ${variable} to another one`;
  if (code === 'EADDRINUSE') return `${variable}: ${port} is taken on ${host}. Stop what listens there, or ${choose}.`;
  if (code === 'EACCES')
    return `${variable}: ${port} is not allowed for this user. Take one of 1024 or higher: ${choose}.`;
  if (code === 'EADDRNOTAVAIL') return `HOST: ${host} is not an address of this machine. Set HOST to one that is.`;
  return `${variable}: ${port} on ${host} cannot be used (${code}): ${choose}.`;
}

/** The error code, or undefined when the port is free. */
function attempt(protocol: 'tcp' | 'udp', host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    if (protocol === 'tcp') {
      const server = createServer().once('error', failed);
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
    } else {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').once('error', failed);
      socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
    }
  });
}

/** Any free port of the loopback address, for talk among our own processes. */
export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
