// Loaded before the program: prints the CPU time of the process at its end, ms.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(`cpu ${(user + system) / 1000}\n`);
});
