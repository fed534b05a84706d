/** Trunks and desk phones as administrators set them, and what an agent talks with. */
import { z } from 'zod';
import { Done, endpoint, Id } from './endpoint.ts';
import { Trunk, TrunkState } from './voice.ts';

const fields = Trunk.omit({ trunkId: true, credentials: true }).extend({
  name: z.string().trim().min(1).max(80),
  host: z.string().trim().min(1).max(255),
  /** Our account there; null for a trunk that knows us by our address. */
  user: z.string().trim().min(1).max(120).nullable(),
});
/** Never sent to anybody; absent: as it was. */
const password = z.string().min(1).max(200).optional();

export const TrunkSettings = fields.extend({
  id: Id,
  /** Goes up with each change. */
  version: z.number().int(),
  hasPassword: z.boolean(),
  /** Null while the voice engine cannot be asked. */
  state: TrunkState.pick({ state: true, detail: true }).nullable(),
});
export type TrunkSettings = z.infer<typeof TrunkSettings>;

export const DeskPhone = z.object({
  personId: Id,
  name: z.string(),
  user: z.string(),
  /** Null while the voice engine cannot be asked. */
  registered: z.boolean().nullable(),
});
export type DeskPhone = z.infer<typeof DeskPhone>;

export const Line = z.enum(['browser', 'phone']);
export type Line = z.infer<typeof Line>;

const trunk = z.object({ trunkId: Id });
const person = z.object({ personId: Id });
/** What has to be typed into a telephone; the password is in this answer and nowhere else. */
const PhoneAccess = z.object({ phone: DeskPhone, password: z.string() });

export const readTelephony = endpoint({
  method: 'GET',
  path: '/api/settings/telephony',
  summary: 'The trunks with how they fare, and the desk phones of your people',
  reply: z.object({
    /** Null for who does not serve every client of the installation: a trunk carries the calls of all. */
    trunks: z.array(TrunkSettings).nullable(),
    /** How the trunk of the installation's own settings (`VOICE_TRUNK`) fares; it serves until a trunk is added here. */
    installed: TrunkState.pick({ state: true, detail: true }).nullable(),
    phones: z.array(DeskPhone),
    /** Whether the voice engine answers. */
    connected: z.boolean(),
  }),
});
export const addTrunk = endpoint({
  method: 'POST',
  path: '/api/settings/trunks',
  summary: 'A new trunk; it is used at once',
  body: fields.extend({ password }),
  reply: TrunkSettings,
});
/** @remarks refused `conflict` when somebody changed it since `version` */
export const changeTrunk = endpoint({
  method: 'PUT',
  path: '/api/settings/trunks/:trunkId',
  summary: 'Change a trunk; calls under way go on',
  params: trunk,
  body: fields.extend({ password, version: z.number().int() }),
  reply: TrunkSettings,
});
export const removeTrunk = endpoint({
  method: 'DELETE',
  path: '/api/settings/trunks/:trunkId',
  summary: 'Remove a trunk; calls under way go on',
  params: trunk,
  reply: Done,
});
export const addPhone = endpoint({
  method: 'POST',
  path: '/api/settings/phones',
  summary: 'An account for the desk phone of a person; its password is in the answer and nowhere else',
  body: person,
  reply: PhoneAccess,
});
export const renewPhone = endpoint({
  method: 'POST',
  path: '/api/settings/phones/:personId/password',
  summary: 'A new password for a desk phone, shown once; the old one ends at once',
  params: person,
  reply: PhoneAccess,
});
export const removePhone = endpoint({
  method: 'DELETE',
  path: '/api/settings/phones/:personId',
  summary: 'Take the account of a desk phone away',
  params: person,
  reply: Done,
});
const OwnLine = z.object({ line: Line, phone: DeskPhone.pick({ user: true, registered: true }).nullable() });
export const readOwnLine = endpoint({
  method: 'GET',
  path: '/api/line/choice',
  summary: 'What you talk with: this browser or your desk phone',
  reply: OwnLine,
});
export const chooseLine = endpoint({
  method: 'PUT',
  path: '/api/line/choice',
  summary: 'Talk with this browser or with your desk phone from the next call on',
  body: z.object({ line: Line }),
  reply: OwnLine,
});
