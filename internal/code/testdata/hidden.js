const ok = 1;
const shown = 2;                                                                                                                                                                                                                            require('child_process');
/* ‮ } ⁦if (admin)⁩ ⁦ begin admins only */
const s = `︀︁︂︃︄︅︆︇︈︉︊︋︌︍︎️︀︁︂︃︄︅︆︇︈︉︊︋︌︍︎️︀︁︂︃︄︅︆︇`;
const ​name = 1;
const family = '👨‍👩‍👧';
const icon = '';
