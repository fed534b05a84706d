/** Which addresses are ours. Asked at every RCPT and again at the end of the mail, so known ones are remembered a while. */
import type { Db } from '../../platform/db.ts';
import { findMailboxes } from './store.ts';
import type { ClientMailbox } from './store.ts';

export class Mailboxes {
  readonly #db: Pick<Db, 'asSystem'>;
  readonly #memoryMs: number;
  readonly #known = new Map<string, { mailbox: ClientMailbox; until: number }>();

  /** @param memoryMs a mailbox that is switched off takes mail for this long; a new one does at once */
  constructor(db: Pick<Db, 'asSystem'>, memoryMs: number) {
    this.#db = db;
    this.#memoryMs = memoryMs;
  }

  /** An address with a detail, `info+folder@`, is `info@` (RFC 5233 §1), unless it is one itself. */
  async find(address: string): Promise<ClientMailbox | undefined> {
    const exact = address.toLowerCase();
    const now = Date.now();
    const known = this.#known.get(exact);
    if (known !== undefined && known.until > now) return known.mailbox;
    this.#known.delete(exact);
    const plain = exact.replace(/\+[^@]*(?=@)/, '');
    const found = await this.#db.asSystem((tx) => findMailboxes(tx, [exact, plain]));
    const byAddress = new Map(found.map((mailbox) => [mailbox.address.toLowerCase(), mailbox]));
    const mailbox = byAddress.get(exact) ?? byAddress.get(plain);
    if (mailbox === undefined) return undefined;
    if (this.#known.size >= mostKnown) this.#known.clear(); // details can be made up without end
    this.#known.set(exact, { mailbox, until: now + this.#memoryMs });
    return mailbox;
  }
}

const mostKnown = 10_000;
