// A driver that never answers.
process.once('message', () => setInterval(() => undefined, 1000));
