// The size of a tree of folders, two at a time.
import pLimit from 'p-limit';
import { setImmediate as turn } from 'node:timers/promises';

const tree = {
  size: 1,
  children: [
    { size: 2, children: [{ size: 3, children: [] }, { size: 4, children: [] }] },
    { size: 5, children: [{ size: 6, children: [] }] },
  ],
};
const limit = pLimit(2);

async function folderSize(folder) {
  await turn();
  const sizes = await Promise.all(folder.children.map((child) => limit(() => folderSize(child))));
  return sizes.reduce((sum, size) => sum + size, folder.size);
}

console.log(await folderSize(tree));
