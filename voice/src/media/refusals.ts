/** What the media side refuses; each carries the code that the contract gives it. */
export class NoSuchLeg extends Error {
  readonly code = 'no-such-leg';
  constructor(legId: string) {
    super(`no leg ${legId}`);
    this.name = 'NoSuchLeg';
  }
}

export class NoSuchPrompt extends Error {
  readonly code = 'no-such-prompt';
  constructor(prompt: string) {
    super(`no prompt ${prompt}`);
    this.name = 'NoSuchPrompt';
  }
}

export class WrongState extends Error {
  readonly code = 'wrong-state';
  constructor(detail: string) {
    super(detail);
    this.name = 'WrongState';
  }
}

/** No folder for recordings is set, or it cannot be written to. */
export class CannotRecord extends Error {
  readonly code = 'cannot-record';
  constructor(detail: string) {
    super(detail);
    this.name = 'CannotRecord';
  }
}

export class NoSuchRecording extends Error {
  readonly code = 'no-such-recording';
  constructor(recordingId: string) {
    super(`no recording ${recordingId}`);
    this.name = 'NoSuchRecording';
  }
}
