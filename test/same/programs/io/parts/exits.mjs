process.send('before', () => { process.exit(6); });
