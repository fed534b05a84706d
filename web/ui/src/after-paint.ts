/** Long enough that no frame will come: the page is hidden, or behind another window. */
const noFrameMs = 100;

/**
 * Runs when the next frame is on its way to the screen: for what must happen, but not before the eye has what it waits
 * for. @returns how to call it off
 */
export function afterPaint(run: () => void): () => void {
  let timer = setTimeout(run, noFrameMs);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    // Of this frame all that is left is to draw it, which has a thread of its own, but often the same processor.
    timer = setTimeout(run, 10);
  });
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}
