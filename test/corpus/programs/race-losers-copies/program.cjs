// A copy is read from three disks; the slow ones are not stopped.
const { setTimeout: sleep } = require('node:timers/promises');

async function readFrom(disk) {
  let read = 0;
  while (read < 8) {
    await sleep(disk.slow);
    read++;
  }
  return disk.name;
}

const disks = [
  { name: 'ssd', slow: 10 },
  { name: 'hdd', slow: 60 },
  { name: 'tape', slow: 100 },
];

async function readAny() {
  const name = await Promise.any(disks.map(readFrom));
  console.log('read from', name);
}
readAny();
