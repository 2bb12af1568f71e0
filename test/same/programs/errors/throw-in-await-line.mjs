// same: ends=1
const load = async () => ({ value: null });
const { value } = await load(); console.log(await value?.name, (await load()).value.name);
