/**
 * Loaded into every child before its own code: when the supervisor goes away, however it ends, the child ends too.
 * First as if it were told to, and by force when that takes too long.
 */
const patienceMs = 5_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), patienceMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// That listener alone must not keep alive a program that is done.
process.channel?.unref();
