import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as calls from '@kernlijn/contract/telephone-settings';
import type { DeskPhone, TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { installedTrunkId } from '@kernlijn/contract/voice';
import { staff } from '../../agents/index.ts';
import type { Context } from '../../platform/context.ts';
import { route } from '../../platform/http.ts';
import type { NetworkState, VoiceEngine } from './engine.ts';
import { dropPhone, makePhone, ownLine, phonesFor, renewPhonePassword, setLine } from './phones.ts';
import type { PhoneRow } from './phone-store.ts';
import { dropTrunk, makeTrunk, setTrunk, trunksFor } from './trunks.ts';
import type { TrunkRow } from './trunk-store.ts';

export function telephonyRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>, engine: VoiceEngine): void {
  const network = async (): Promise<NetworkState | null> => await engine.network().catch(() => null); // it is down, and the page says so
  route(app, calls.readTelephony, 'telephony.edit', async ({ viewer }) => {
    const visible = await db.asReader(viewer, async (tx) => new Set((await staff(tx)).map(({ id }) => id)));
    const [trunks, phones] = await db.asSystem(async (tx) => [
      await trunksFor(tx, viewer),
      await phonesFor(tx, viewer, visible),
    ]);
    const state = await network();
    return {
      trunks: trunks?.map((trunk) => seenTrunk(trunk, state)) ?? null,
      installed: trunks === null ? null : seenState(installedTrunkId, state),
      phones: phones.map((phone) => seenPhone(phone, state)),
      connected: state !== null,
    };
  });
  route(app, calls.addTrunk, 'telephony.edit', async ({ viewer, body }) =>
    seenTrunk(await db.asSystem((tx) => makeTrunk(tx, viewer, body)), null),
  );
  route(app, calls.changeTrunk, 'telephony.edit', async ({ viewer, params, body }) =>
    seenTrunk(await db.asSystem((tx) => setTrunk(tx, viewer, params.trunkId, body)), null),
  );
  route(app, calls.removeTrunk, 'telephony.edit', async ({ viewer, params }) => {
    await db.asSystem((tx) => dropTrunk(tx, viewer, params.trunkId));
    return done;
  });
  route(app, calls.addPhone, 'telephony.edit', async ({ viewer, body }) => {
    const { phone, password } = await db.asSystem((tx) => makePhone(tx, viewer, body.personId));
    return { phone: seenPhone(phone, null), password };
  });
  route(app, calls.renewPhone, 'telephony.edit', async ({ viewer, params }) => {
    const { phone, password } = await db.asSystem((tx) => renewPhonePassword(tx, viewer, params.personId));
    return { phone: seenPhone(phone, null), password };
  });
  route(app, calls.removePhone, 'telephony.edit', async ({ viewer, params }) => {
    await db.asSystem((tx) => dropPhone(tx, viewer, params.personId));
    return done;
  });
  const line = async ({ line, user }: Awaited<ReturnType<typeof ownLine>>) => {
    const state = user === null ? null : await network();
    return { line, phone: user === null ? null : { user, registered: state?.phones.includes(user) ?? null } };
  };
  route(app, calls.readOwnLine, 'work.handle', async ({ viewer }) =>
    line(await db.asSystem((tx) => ownLine(tx, viewer))),
  );
  route(app, calls.chooseLine, 'work.handle', async ({ viewer, body }) =>
    line(await db.asSystem((tx) => setLine(tx, viewer, body.line))),
  );
}

function seenTrunk(trunk: TrunkRow, state: NetworkState | null): TrunkSettings {
  return { ...trunk, state: seenState(trunk.id, state) };
}

function seenState(id: string, state: NetworkState | null): TrunkSettings['state'] {
  const found = state?.trunks.find(({ trunkId }) => trunkId === id);
  return found ? { state: found.state, detail: found.detail } : null;
}

function seenPhone(phone: PhoneRow, state: NetworkState | null): DeskPhone {
  return { ...phone, registered: state?.phones.includes(phone.user) ?? null };
}
