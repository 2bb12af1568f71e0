const größe = async (名) => { await 名; throw new Error(`😀 ${名}`); };
/* 😀😀 */ größe('数').catch((error) => { console.log(error.stack); });
