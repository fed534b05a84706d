/** Brings every node to the trunks and phones there are; a node that comes back knows nothing and is told all. */
import type { PhoneAccount, Trunk, TrunkState } from '@kernlijn/contract/voice';
import type { Log } from '../log.ts';
import { ifStillThere } from './ari.ts';
import type { Node } from './node.ts';
import { directObject, objectsOf, objectsOfPhone, trunkEndpoint, type PjsipObject } from './pjsip-objects.ts';

export interface Wanted {
  trunks: readonly Trunk[];
  realm: string;
  phones: readonly PhoneAccount[];
}

export class Configuration {
  private readonly log: Log;
  private readonly mediaTimeoutSeconds: number;
  private wanted: Wanted = { trunks: [], realm: 'kernlijn', phones: [] };
  /** What a node has, as text, by kind and id. */
  private readonly made = new Map<Node, Map<string, string>>();
  /** One node registers with the trunks: two would each get half of the calls, or all of them twice. */
  private registrar: Node | null = null;

  constructor(options: { mediaTimeoutSeconds: number; log: Log }) {
    this.log = options.log;
    this.mediaTimeoutSeconds = options.mediaTimeoutSeconds;
  }

  get trunks(): readonly Trunk[] {
    return this.wanted.trunks;
  }

  get phones(): readonly PhoneAccount[] {
    return this.wanted.phones;
  }

  async want(wanted: Wanted, nodes: readonly Node[]): Promise<void> {
    this.wanted = wanted;
    await this.bring(nodes);
  }

  /** `fresh`: it has nothing of ours. */
  async nodeUp(node: Node, nodes: readonly Node[], fresh: boolean): Promise<void> {
    if (fresh) this.made.delete(node);
    await this.bring(nodes);
  }

  async nodeDown(node: Node, nodes: readonly Node[]): Promise<void> {
    this.made.delete(node);
    if (this.registrar !== node) return;
    this.registrar = null;
    await this.bring(nodes);
  }

  /** How the registrations stand; a trunk without one is static. */
  async trunkStates(): Promise<TrunkState[]> {
    const registers = this.wanted.trunks.some((trunk) => trunk.registers);
    const answers =
      registers && this.registrar ? await this.registrar.manager.tell('PJSIPShowRegistrationsOutbound') : [];
    return this.wanted.trunks.map((trunk) => {
      if (!trunk.registers) return { trunkId: trunk.trunkId, state: 'static', detail: '' };
      const found = answers.find(({ ObjectName }) => ObjectName === trunkEndpoint(trunk.trunkId));
      const status = found?.['Status'] ?? 'Unregistered';
      const state =
        status === 'Registered' ? 'registered' : /^(Unregistered|Stopp)/.test(status) ? 'registering' : 'failing';
      return { trunkId: trunk.trunkId, state, detail: status === 'Registered' ? '' : status };
    });
  }

  private async bring(nodes: readonly Node[]): Promise<void> {
    const up = nodes.filter(({ state }) => state === 'up');
    if (this.registrar?.state !== 'up') this.registrar = up[0] ?? null;
    await Promise.all(
      up.map((node) =>
        this.bringOne(node).catch((error: unknown) =>
          this.log.error({ err: error, node: node.name }, 'asterisk: trunks and phones were not taken'),
        ),
      ),
    );
  }

  private async bringOne(node: Node): Promise<void> {
    const { trunks, phones, realm } = this.wanted;
    const options = { registers: node === this.registrar, mediaTimeoutSeconds: this.mediaTimeoutSeconds };
    const objects = [
      directObject(),
      ...trunks.flatMap((trunk) => objectsOf(trunk, options)),
      // A phone may not pass for a trunk.
      ...phones.filter(({ user }) => !user.startsWith('trunk-')).flatMap((phone) => objectsOfPhone(phone, realm)),
    ];
    const made = this.made.get(node) ?? new Map<string, string>();
    this.made.set(node, made);
    const wanted = new Map(objects.map((object) => [nameOf(object), JSON.stringify(object.fields)]));
    for (const name of [...made.keys()].toReversed()) {
      // A registration is begun by its making: a changed one is made anew.
      if (wanted.has(name) && !(name.startsWith('registration/') && wanted.get(name) !== made.get(name))) continue;
      await ifStillThere(node.ari.request('DELETE', `asterisk/config/dynamic/res_pjsip/${name}`));
      made.delete(name);
    }
    for (const object of objects) {
      const name = nameOf(object);
      if (made.get(name) === wanted.get(name)) continue;
      const fields = Object.entries(object.fields).map(([attribute, value]) => ({ attribute, value }));
      await node.ari.request('PUT', `asterisk/config/dynamic/res_pjsip/${name}`, {}, { fields });
      made.set(name, wanted.get(name) ?? '');
    }
  }
}

const nameOf = ({ kind, id }: PjsipObject): string => `${kind}/${encodeURIComponent(id)}`;
