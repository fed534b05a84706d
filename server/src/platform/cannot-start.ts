/**
 * A problem that the operator solves: the message is a whole sentence that says what is wrong and what to do.
 * It is shown as it is, without a stack.
 */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
