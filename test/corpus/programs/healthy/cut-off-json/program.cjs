// A command that prints JSON, with an exit code at its end.
'use strict';
const list = [];
for (let i = 0; i < 20_000; i++) list.push({ i, text: `entry number ${i}` });

async function command(name) {
  if (name !== 'list') return 2;
  process.stdout.write(JSON.stringify(list, null, 1));
  return 0;
}

command(process.argv[2] ?? 'list').then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error);
    process.exit(70);
  },
);
