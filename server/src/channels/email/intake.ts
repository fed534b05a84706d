/**
 * Mail comes in by SMTP, from the mail server in front of us. The rule of this file: 250 is a promise (RFC 5321 §6.1),
 * given when the mail is on disk and committed. What may be over later is 451, so that the sender keeps the mail and
 * tries again; what never will be is 5xx, so that the sender's user is told.
 */
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Context } from '../../platform/context.ts';
import { Mailboxes } from './mailboxes.ts';
import { Parser } from './parser.ts';
import { mailCertificate } from './certificate.ts';
import { MailLoop, mailReceiver } from './receive.ts';
import type { ClientMailbox } from './store.ts';

export interface MailIntake {
  /** The port it listens on. */
  port: number;
  /** Takes no more connections, waits for the mails that are being kept, and closes. */
  stop(): Promise<void>;
}

const limits = {
  connections: 200,
  recipients: 100,
  idleMs: 60_000,
  /** A whole mail, however steadily it drips in. */
  dataMs: 10 * 60_000,
  /** Mails are held in memory until they are kept: all of those together. */
  bytesHeld: 256_000_000,
  /** Of the process's ten database connections: routing and calls need some too. */
  transactions: 6,
  closeMs: 3_000,
  /** How long a mailbox that was switched off may still take mail. */
  mailboxMemoryMs: 5_000,
};

export async function startMailIntake(
  context: Pick<Context, 'config' | 'log' | 'db' | 'files'>,
  changed: Partial<typeof limits> = {},
): Promise<MailIntake> {
  const { config, log, db, files } = context;
  const limit = { ...limits, ...changed };
  const parser = new Parser(log);
  const mailboxes = new Mailboxes(db, limit.mailboxMemoryMs);
  const receive = mailReceiver({ db, files }, limit.transactions);
  const underWay = new Set<Promise<void>>();
  let bytesHeld = 0;

  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const chunks: Buffer[] = [];
    let held = 0;
    const tooLong = setTimeout(() => hangUp(session), limit.dataMs);
    try {
      for await (const chunk of stream) {
        if (stream.sizeExceeded || bytesHeld > limit.bytesHeld) continue; // read on to the final dot: only then may we answer
        held += chunk.length;
        bytesHeld += chunk.length;
        chunks.push(chunk);
      }
      if (stream.sizeExceeded) throw answer(552, '5.3.4 Message too big');
      if (held < stream.byteLength) throw answer(452, '4.3.1 Too much mail at this moment, try again later');
      await keep(Buffer.concat(chunks), session);
    } finally {
      clearTimeout(tooLong);
      bytesHeld -= held;
    }
  };
  const keep = async (raw: Buffer, { envelope }: SMTPServerSession): Promise<void> => {
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const mail = await parser.parse(raw, sender);
    const meant = new Map<string, ClientMailbox>();
    for (const { address } of envelope.rcptTo) {
      const mailbox = await mailboxes.find(address);
      if (mailbox === undefined) throw noMailbox();
      meant.set(mailbox.contactPointId, mailbox);
    }
    await receive({ mailboxes: [...meant.values()], mail, raw });
  };
  const refused = (error: unknown): Error => {
    if (error instanceof Answer) return error;
    if (error instanceof MailLoop) return answer(554, '5.4.6 Mail loop: this mail left from the address it came to');
    log.error({ err: error }, 'a mail could not be kept now; its sender is asked to try again');
    return answer(451, '4.3.0 The mail cannot be kept at this moment, try again later');
  };

  /** The stream ends with its connection, and with it our wait. */
  const hangUp = (session: SMTPServerSession): void => {
    for (const connection of server.connections)
      if (connection.session === session) connection.send(421, '4.4.2 The mail took too long to arrive');
  };

  const server = new SMTPServer({
    name: 'kernlijn',
    banner: 'Kernlijn',
    size: config.smtpMaxBytes,
    maxClients: limit.connections,
    maxRecipients: limit.recipients,
    socketTimeout: limit.idleMs,
    closeTimeout: limit.closeMs,
    noDelay: true, // three short answers to three pipelined commands must not wait for each other's ACK
    maxCommandLength: 4_096,
    maxAllowedUnauthenticatedCommands: false,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true, // we give our own, RFC 3463
    disabledCommands: ['AUTH'],
    ...mailCertificate(config, new Date()),
    authOptional: true,
    logger: false,
    onRcptTo({ address }, _session, reply) {
      mailboxes.find(address).then(
        (mailbox) => reply(mailbox === undefined ? noMailbox() : null),
        (error: unknown) => reply(refused(error)),
      );
    },
    onData(stream, session, reply) {
      const taken = take(stream, session).then(
        () => reply(null, '2.0.0 Kept'),
        (error: unknown) => reply(refused(error)),
      );
      underWay.add(taken);
      void taken.finally(() => underWay.delete(taken));
    },
  });
  server.on('error', (error: Error) => log.debug({ err: error }, 'a mail connection failed')); // the peer went away; it will be back

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(config.smtpPort, config.host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.smtpPort;
  log.info({ port }, 'mail intake listens');
  return {
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      await Promise.allSettled(underWay);
      await closed;
      await parser.close();
    },
  };
}

/** One line of the protocol, given on purpose. */
class Answer extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

const answer = (code: number, text: string): Answer => new Answer(code, text);
const noMailbox = (): Answer => answer(550, '5.1.1 No mailbox here by that name');
