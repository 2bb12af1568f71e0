// Parts of a file are sent one after another; who gives up is told so.
type Done = (error: Error | null, sent?: number) => void;

const storage = {
  full: 3,
  put(part: number, stored: (error: Error | null) => void): void {
    setTimeout(stored, 5, part > this.full ? new Error('storage is full') : null);
  },
};

function upload(part: number, cb: Done): void {
  storage.put(part, (error) => {
    if (error !== null) {
      cb(error);
      return;
    }
    console.log('part', part);
    cb(null, part);
  });
}

let told = 0;
function uploadFrom(part: number, last: number): void {
  upload(part, (error) => {
    told++;
    if (error === null && part < last) uploadFrom(part + 1, last);
    else if (told > last) console.log('told too often:', told);
  });
}
uploadFrom(1, 5);
