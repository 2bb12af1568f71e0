// Regular expressions that hold the thread for long: what they find, and what RegExp keeps of them.
const text = Array.from({ length: 12 }, (_, i) => `{${i}}` + 'x'.repeat(1500)).join('');
const found = new Set();
for (let round = 0; round < 16; round++) {
  const seen = [];
  text.replace(/\{(\d+)\}|x+y/g, (all, number) => seen.push(number));
  found.add(`replace ${seen} ${RegExp.$1}`);
  found.add(`template ${text.replace(/\{(\d+)\}x*|x+y/g, '<$1>')}`);
  found.add(`matches ${[...text.matchAll(/\{(\d+)\}|x+y/g)].map((match) => match[1])}`);
  found.add(`parts ${text.split(/\{(\d+)\}|x+y/).length}`);
  found.add(`all ${text.match(/\{\d+\}|x+y/g)}`);
}
for (const each of found) console.log(each);
