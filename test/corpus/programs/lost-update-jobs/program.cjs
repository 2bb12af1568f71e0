// A list of jobs that several requests add to.
const { setTimeout: delay } = require('node:timers/promises');

let stored = '[]';
const getJobs = () => delay(6).then(() => JSON.parse(stored));
const putJobs = (jobs) =>
  delay(6).then(() => {
    stored = JSON.stringify(jobs);
  });

const addJob = async (name) => {
  const jobs = await getJobs();
  await putJobs([...jobs, name]);
};

async function main() {
  for (const names of [['mail', 'bill'], ['report']]) {
    await Promise.all(names.map((name) => addJob(name)));
  }
  console.log(typeof stored);
}
main();
