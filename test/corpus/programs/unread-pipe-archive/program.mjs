// Lists an archive's files before it goes on, and only the exit status is looked at.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

async function checkArchive() {
  const list = spawn('seq', ['-f', 'folder/file-%g.txt', '40000']);
  const [status] = await once(list, 'exit');
  return status === 0;
}
console.log('whole:', await checkArchive());
