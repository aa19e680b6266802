// A driver that takes its process with it.
process.once('message', () => process.kill(process.pid, 'SIGSEGV'));
