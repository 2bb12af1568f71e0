// same: needs=alone
const { libuv, workers } = process.report.getReport(); console.log(libuv.filter(({ is_active, is_referenced }) => is_active && is_referenced).map(({ type }) => type), workers.length);
