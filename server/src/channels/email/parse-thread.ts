/** The thread in which large mails are parsed; started by `parser.ts`. */
import { parentPort } from 'node:worker_threads';
import { parseMail } from './parse.ts';

export interface Job {
  raw: Uint8Array;
  sender: string;
}

parentPort?.on('message', ({ raw, sender }: Job) => {
  // A rejection ends the thread, which the one who waits is told.
  void parseMail(raw, sender).then((mail) => parentPort?.postMessage(mail, []));
});
