// Settings are read from text; whoever asks for them is called back.
const texts = { light: '{"level":3}', sound: '{"volume":' };

function readSettings(name, callback) {
  setImmediate(() => {
    try {
      callback(null, JSON.parse(texts[name]));
    } catch (error) {
      callback(error);
    }
  });
}

let asked = 0;
const answers = [];
for (const name of Object.keys(texts)) {
  asked++;
  readSettings(name, (error, settings) => {
    asked--;
    if (error !== null) return answers.push(`${name}: ${error.name}`);
    answers.push(`${name}: ${settings.level}`);
  });
}
process.on('exit', () => console.log(answers.join(', '), asked));
void (async () => await null)();
