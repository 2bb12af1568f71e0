// A stream that opens its target first.
const { Writable, Readable, pipeline } = require('node:stream');
const fs = require('node:fs/promises');

class Archive extends Writable {
  constructor(folder) {
    super({ objectMode: true });
    this.folder = folder;
  }
  _construct(callback) {
    fs.stat(this.folder).then((found) => {
      this.isFolder = found.isDirectory();
      if (this.isFolder) callback();
    }, callback);
  }
  _write(item, encoding, callback) {
    console.log('stored', item);
    callback();
  }
}

pipeline(Readable.from(['a', 'b']), new Archive(__filename), (error) => {
  console.log('archived', error?.message);
});
