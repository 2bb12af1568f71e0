process.stdout.write('x'.repeat(100_000) + '\n', () => { process.exit(0); });
(async () => { await null; process.stdout.write('more\n'); })();
