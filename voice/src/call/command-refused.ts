import { VoiceErrorCode } from '@kernlijn/contract/voice';

/** An expected refusal of a command; the code goes to the server as it is. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
  readonly code: VoiceErrorCode;
  constructor(code: VoiceErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The code of a refusal, ours or the media side's; null for an error nobody expected. */
export function refusalCode(error: unknown): VoiceErrorCode | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const code = VoiceErrorCode.safeParse(error.code);
  return code.success ? code.data : null;
}
