/** A mail server that takes our mail: real SMTP, with answers to choose. */
import { SMTPServer } from 'smtp-server';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';

export interface RelayFixture {
  url: string;
  mails: { from: string; to: string[]; raw: Buffer; mail: Email }[];
  /** Answers the next mails so, one each; afterwards 250. `null` hangs up after the mail without an answer. */
  answers: ({ code: number; text: string } | null)[];
  /** Answers each RCPT so, as long as it is set. */
  refuse: { code: number; text: string } | null;
  stop(): Promise<void>;
}

export async function openRelay(): Promise<RelayFixture> {
  const relay: RelayFixture = { url: '', mails: [], answers: [], refuse: null, stop: async () => {} };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: (_address, _session, reply) =>
      reply(
        relay.refuse === null ? null : Object.assign(new Error(relay.refuse.text), { responseCode: relay.refuse.code }),
      ),
    onData: (stream, session, reply) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const answer = relay.answers.shift();
        if (answer !== undefined && answer !== null)
          return reply(Object.assign(new Error(answer.text), { responseCode: answer.code }));
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        void PostalMime.parse(raw).then((mail) => {
          relay.mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
            mail,
          });
          if (answer === null) for (const connection of server.connections) connection.close();
          else reply(null);
        });
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  relay.url = `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}?ignoreTLS=true`;
  relay.stop = () => new Promise((resolve) => server.close(resolve));
  return relay;
}
