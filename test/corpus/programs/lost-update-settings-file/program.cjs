// Two parts of a program keep their settings in one file.
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');

const file = path.join(os.tmpdir(), `settings-${process.pid}.json`);

async function update(change) {
  const draft = `${file}.${change.name}`;
  const settings = JSON.parse(await fs.readFile(file, 'utf8'));
  settings[change.name] = change.value;
  await fs.writeFile(draft, JSON.stringify(settings));
  await fs.rename(draft, file);
}

async function main() {
  await fs.writeFile(file, '{}');
  await Promise.all([
    update({ name: 'theme', value: 'dark' }),
    update({ name: 'language', value: 'en' }),
    update({ name: 'size', value: 12 }),
  ]);
  console.log(Object.keys(JSON.parse(await fs.readFile(file, 'utf8'))).length, 'settings');
  await fs.rm(file);
}
main();
