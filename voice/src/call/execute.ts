/** Each command of the contract and the one thing it does. */
import { VoiceReplies, type VoiceCommand } from '@kernlijn/contract/voice';
import { CommandRefused } from './command-refused.ts';
import type { Calls } from './calls.ts';

export async function execute(calls: Calls, command: VoiceCommand): Promise<unknown> {
  switch (command.command) {
    case 'answer':
      return calls.answer(command);
    case 'ring':
      return calls.ring(command);
    case 'reject':
      return calls.reject(command);
    case 'hangup':
      return calls.hangup(command);
    case 'dial':
      return calls.dial(command);
    case 'play':
      return calls.audible(command.legId).play(command.legId, command.playback);
    case 'stop-playing':
      return calls.audible(command.legId).stopPlaying(command.legId);
    case 'bridge':
      return calls.bridge(command);
    case 'unbridge':
      return calls.audible(command.legId).unbridge(command.legId);
    case 'mute':
      return calls.audible(command.legId).mute(command.legId, command.muted);
    case 'send-dtmf':
      return calls.audible(command.legId).sendDtmf(command.legId, command.digits);
    case 'connect-browser':
      return calls.connectBrowser(command);
    case 'disconnect-browser':
      return calls.disconnectBrowser(command);
    case 'quality':
      return VoiceReplies.quality.parse(
        calls.audible(command.legId).quality(command.legId) ?? nothingReceived(command.legId),
      );
    case 'record':
      return calls.audible(command.legId).record(command.legId, command.recordingId);
    case 'pause-recording':
      return calls.audible(command.legId).pauseRecording(command.legId, command.recordingId, command.paused);
    case 'stop-recording':
      return calls.audible(command.legId).stopRecording(command.legId, command.recordingId);
    case 'configure':
      return calls.configure(command);
    case 'snapshot':
      return calls.snapshot();
  }
}

/** The legs a command concerns: commands on the same leg are carried out in the order in which they came. */
export function legsOf(command: VoiceCommand): readonly string[] {
  if (command.command === 'snapshot' || command.command === 'configure') return [];
  if (command.command !== 'bridge') return [command.legId];
  return [...command.legIds, ...(command.listeners ?? []).map(({ legId }) => legId)];
}

function nothingReceived(legId: string): never {
  throw new CommandRefused('wrong-state', `${legId} has received nothing yet`);
}
