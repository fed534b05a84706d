/** The worker process: what happens without anyone asking. Several may run; each job has one holder at a time. */
import { startMailIntake, startMailSender } from './channels/email/index.ts';
import { startChatPresence } from './channels/chat/index.ts';
import { runCalls } from './channels/voice/index.ts';
import { runDeskClock, runWrapUpClock } from './conversations/index.ts';
import type { Context } from './platform/context.ts';
import { forgetOldEvents, publishEvents } from './platform/events.ts';
import { runRetention } from './recordings/index.ts';
import { startReporting } from './reporting/index.ts';
import { startRouting } from './routing/index.ts';

export interface Worker {
  smtpPort: number;
  stop(): Promise<void>;
}

export async function startWorker(context: Context): Promise<Worker> {
  const { db, log, stopping } = context;
  const running = [
    publishEvents(db, log, stopping),
    forgetOldEvents(db, log, stopping),
    runWrapUpClock(context),
    runDeskClock(context),
    runRetention(context),
  ];
  const reporting = await startReporting(context);
  const routing = await startRouting(context);
  running.push(runCalls(context, (conversationId) => routing.hint(conversationId)));
  const sender = await startMailSender(context);
  const presence = await startChatPresence(context);
  const intake = await startMailIntake(context);
  return {
    smtpPort: intake.port,
    // After `stopping` was aborted.
    stop: async () => {
      await intake.stop();
      await Promise.all([sender.stop(), presence.stop(), routing.stop(), reporting.stop(), ...running]);
    },
  };
}
