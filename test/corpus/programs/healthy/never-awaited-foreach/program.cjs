// Thumbnails of pictures, counted at the end.
const { setTimeout: delay } = require('node:timers/promises');
const done = [];
async function thumbnails(pictures) {
  await Promise.all(
    pictures.map(async (picture) => {
      await delay(25);
      done.push(picture);
    }),
  );
  return done.length;
}
thumbnails(['a.png', 'b.png', 'c.png']).then((count) => console.log(count, 'thumbnails'));
