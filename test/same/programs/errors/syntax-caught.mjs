// same: needs=file
for (const name of ['syntax.mjs', 'bad.json', 'nowhere.mjs', 'exports.mjs?x', 'throws.mjs']) {
  await import(`./parts/${name}`).then((all) => console.log(Object.keys(all)), (error) => console.log(error.name, error.code, error.message.replace(/file:.*\/parts/g, 'parts').replace(/'\/.*\/parts/g, "'parts").replace(/from \/.*/, 'from'), error.stack.split('\n').length));
}
