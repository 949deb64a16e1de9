/** The ten users: the first as JSONPlaceholder has it, because people compare; the others are ours. */
export function user(id: number): object {
  if (id === 1) return leanneGraham();
  const [name = "", username = "", city = "", street = "", company = "", catchPhrase = "", bs = ""] =
    others[id - 2] ?? [];
  const host = `${username.toLowerCase()}.example`;
  return {
    id,
    name,
    username,
    email: `${name.split(" ")[0]}@${host}`,
    address: {
      street,
      suite: `Suite ${100 + id * 7}`,
      city,
      zipcode: `${10_000 + id * 4_321}-${1_000 + id * 123}`,
      geo: { lat: (id * 13.37 - 70).toFixed(4), lng: (150 - id * 27.31).toFixed(4) },
    },
    phone: `555-01${String(id).padStart(2, "0")}`,
    website: host,
    company: { name: company, catchPhrase, bs },
  };
}

function leanneGraham() {
  return {
    id: 1,
    name: "Leanne Graham",
    username: "Bret",
    email: "Sincere@april.biz",
    address: {
      street: "Kulas Light",
      suite: "Apt. 556",
      city: "Gwenborough",
      zipcode: "92998-3874",
      geo: { lat: "-37.3159", lng: "81.1496" },
    },
    phone: "1-770-736-8031 x56442",
    website: "hildegard.org",
    company: {
      name: "Romaguera-Crona",
      catchPhrase: "Multi-layered client-server neural-net",
      bs: "harness real-time e-markets",
    },
  };
}

/** Name, user name, city, street, company, its slogan, its trade. */
const others = [
  ["Milan Okafor", "Milano", "Port Alder", "Cable Row", "Alder Fibre", "Light to every door", "lay last-mile fibre"],
  ["Sofia Lindqvist", "Soli", "Norrvik", "Mast Lane", "Norrvik Radio", "Above the tree line", "run rural radio links"],
  [
    "Tariq Benali",
    "Tabe",
    "Casamar",
    "Harbour Street",
    "Benali Cloud",
    "Close to the cable",
    "host at the landing site",
  ],
  [
    "Hannah Moreau",
    "Hamo",
    "Vieux-Pont",
    "Bridge Road",
    "Moreau Telecom",
    "One bill, one number",
    "resell voice lines",
  ],
  ["Kenji Watanabe", "Kewa", "Minato", "Exchange Square", "Watanabe Peering", "Shorter paths", "connect networks"],
  [
    "Lucia Ferraro",
    "Lufe",
    "Monteverde",
    "Antenna Hill",
    "Ferraro Towers",
    "A roof for every antenna",
    "let tower space",
  ],
  ["Peter Novak", "Pevak", "Zelenice", "Mill Path", "Novak Systems", "Routers that stay up", "maintain routers"],
  ["Amara Diallo", "Amdi", "Saint-Loup", "Market Lane", "Diallo Data", "Numbers people read", "measure networks"],
  [
    "Owen Hughes",
    "Owhu",
    "Llanfair",
    "Station Yard",
    "Hughes and Daughters",
    "We answer the phone",
    "help small networks",
  ],
] as const;
