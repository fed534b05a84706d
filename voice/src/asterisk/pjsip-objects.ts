/** The trunks and desk phones of the contract as PJSIP's objects, which every node is given over ARI. */
import type { PhoneAccount, Trunk } from '@kernlijn/contract/voice';

type Kind = 'auth' | 'aor' | 'endpoint' | 'identify' | 'registration';
export interface PjsipObject {
  kind: Kind;
  id: string;
  fields: Readonly<Record<string, string>>;
}

/** Towards the browsers' lines, and to an address that is given as one. */
export const directEndpoint = 'kernlijn';
export const trunkEndpoint = (trunkId: string): string => `trunk-${trunkId.replace(/[^\w-]/g, '_')}`;

const always = {
  context: 'kernlijn',
  allow: '!all,alaw,ulaw',
  dtmf_mode: 'auto',
  direct_media: 'no',
  rtp_symmetric: 'yes',
  force_rport: 'yes',
  timers: 'yes',
  '100rel': 'no',
  send_diversion: 'no',
  send_connected_line: 'no',
  allow_subscribe: 'no',
} as const;

export function directObject(): PjsipObject {
  return { kind: 'endpoint', id: directEndpoint, fields: { ...always } };
}

/** In the order in which they are made: what is referred to comes first. `registers`: on this node. */
export function objectsOf(
  trunk: Trunk,
  { registers, mediaTimeoutSeconds }: { registers: boolean; mediaTimeoutSeconds: number },
): PjsipObject[] {
  const id = trunkEndpoint(trunk.trunkId);
  const { credentials, host, port, transport } = trunk;
  const server = `sip:${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}${transport === 'udp' ? '' : `;transport=${transport}`}`;
  const objects: PjsipObject[] = [];
  if (credentials)
    objects.push({
      kind: 'auth',
      id,
      fields: {
        auth_type: 'digest',
        username: credentials.user,
        password: credentials.password,
        supported_algorithms_uac: 'SHA-256,MD5',
      },
    });
  objects.push(
    { kind: 'aor', id, fields: { contact: server } },
    {
      kind: 'endpoint',
      id,
      fields: {
        ...always,
        aors: id,
        transport,
        allow: '!all,alaw,ulaw,g722',
        from_domain: host,
        send_pai: 'yes',
        trust_id_inbound: 'yes',
        trust_id_outbound: 'yes',
        rtp_timeout: String(mediaTimeoutSeconds),
        rtp_timeout_hold: '3600',
        media_encryption: trunk.srtp === 'off' ? 'no' : 'sdes',
        media_encryption_optimistic: trunk.srtp === 'offered' ? 'yes' : 'no',
        ...(credentials && { outbound_auth: id }),
      },
    },
    {
      kind: 'identify',
      id,
      fields: { endpoint: id, match: (trunk.allow.length > 0 ? trunk.allow : [host]).join(',') },
    },
  );
  if (registers && trunk.registers && credentials)
    objects.push({
      kind: 'registration',
      id,
      fields: {
        server_uri: server,
        client_uri: `sip:${credentials.user}@${host}`,
        contact_user: credentials.user,
        outbound_auth: id,
        transport,
        retry_interval: '10',
        forbidden_retry_interval: '60',
        fatal_retry_interval: '60',
        max_retries: '1000000',
        expiration: '600',
      },
    });
  return objects;
}

/** PJSIP knows a phone by the user it proves to be, so the endpoint has to be called so. */
export function objectsOfPhone({ user, ha1 }: PhoneAccount, realm: string): PjsipObject[] {
  return [
    {
      kind: 'auth',
      id: user,
      fields: {
        auth_type: 'digest',
        username: user,
        realm,
        password_digest: `MD5:${ha1.md5},SHA-256:${ha1.sha256}`,
        // Asterisk asks in all it may at once, and phones that are in use give up on what they do not know.
        supported_algorithms_uas: 'MD5',
      },
    },
    { kind: 'aor', id: user, fields: { max_contacts: '1', remove_existing: 'yes', support_path: 'yes' } },
    {
      kind: 'endpoint',
      id: user,
      fields: {
        ...always,
        aors: user,
        auth: user,
        callerid: `<${user}>`,
        allow: '!all,alaw,ulaw,g722',
        rewrite_contact: 'yes',
        identify_by: 'auth_username,username',
        rtp_timeout: '60',
        rtp_timeout_hold: '3600',
      },
    },
  ];
}
