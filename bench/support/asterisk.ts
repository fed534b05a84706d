/** Asterisk for the benches: as a peer that does it all itself (`app_queue`), and under a bare ARI program. */
import { provideAsterisk } from '../../scripts/asterisk.ts';
import { startAsterisk } from '../../tests/support/asterisk.ts';
import type { AsteriskNode } from '../../tests/support/asterisk.ts';

/** app_queue rings one agent, before it answers: its Answer() waits half a second for a caller who says nothing. */
const queueing = {
  'extensions.conf': `
[queue]
exten => queue,1,Queue(agents,n)
 same => n,Answer()
 same => n,Hangup()
exten => h,1,Hangup()
`,
  'queues.conf': `
[agents]
strategy=rrmemory
timeout=30
retry=1
autofill=yes
ringinuse=yes
member => PJSIP/agent
`,
};

/** Takes calls from anybody on this machine, and rings an agent's telephone at that port of it. */
const endpoints = (context: string, agentPort: number) => `
[caller]
type=endpoint
context=${context}
disallow=all
allow=ulaw,alaw
direct_media=no
[caller]
type=identify
endpoint=caller
match=127.0.0.1
[agent]
type=endpoint
context=${context}
disallow=all
allow=ulaw,alaw
direct_media=no
aors=agent
[agent]
type=aor
contact=sip:agent@127.0.0.1:${agentPort}
`;

export type Doing = 'app_queue' | 'bare ARI' | 'driven';

/** `driven`: our driver brings the endpoints itself. @throws Error where there is no Asterisk */
export async function benchAsterisk(doing: Doing, agentPort: number): Promise<AsteriskNode> {
  const asterisk = await provideAsterisk();
  if (typeof asterisk === 'string') throw new Error(`No Asterisk to measure against. ${asterisk}`);
  const first = { app_queue: 45_000, 'bare ARI': 46_000, driven: 47_000 }[doing];
  const context = doing === 'app_queue' ? 'queue' : 'kernlijn';
  return await startAsterisk(asterisk, {
    name: doing.replace(/\W/g, ''),
    rtpPorts: [first, first + 999],
    ...(doing === 'app_queue' && { modules: ['res_musiconhold', 'app_queue'] }),
    appended: {
      ...(doing === 'app_queue' && queueing),
      ...(doing !== 'driven' && { 'pjsip.conf': endpoints(context, agentPort) }),
    },
  });
}
