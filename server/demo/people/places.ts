/** Places with the numbers of their postcodes; the streets are anybody's. */
export const places = [
  ['Amsterdam', 1011, 1109],
  ['Rotterdam', 3011, 3089],
  ['Den Haag', 2491, 2597],
  ['Utrecht', 3511, 3585],
  ['Eindhoven', 5611, 5658],
  ['Groningen', 9711, 9747],
  ['Tilburg', 5011, 5049],
  ['Almere', 1311, 1363],
  ['Breda', 4811, 4839],
  ['Nijmegen', 6511, 6546],
  ['Apeldoorn', 7311, 7339],
  ['Haarlem', 2011, 2037],
  ['Arnhem', 6811, 6846],
  ['Enschede', 7511, 7548],
  ['Amersfoort', 3811, 3829],
  ['Zaandam', 1501, 1509],
  ['’s-Hertogenbosch', 5211, 5237],
  ['Zwolle', 8011, 8045],
  ['Leiden', 2311, 2334],
  ['Leeuwarden', 8911, 8941],
  ['Maastricht', 6211, 6229],
  ['Dordrecht', 3311, 3329],
  ['Ede', 6711, 6718],
  ['Emmen', 7811, 7828],
  ['Deventer', 7411, 7429],
  ['Delft', 2611, 2629],
  ['Assen', 9401, 9408],
  ['Sneek', 8601, 8608],
  ['Hoogeveen', 7901, 7909],
  ['Middelburg', 4331, 4337],
  ['Venlo', 5911, 5928],
  ['Gouda', 2801, 2809],
  ['Hoorn', 1621, 1628],
  ['Drachten', 9201, 9207],
  ['Meppel', 7941, 7944],
  ['Winschoten', 9671, 9675],
  ['Dokkum', 9101, 9103],
  ['Tiel', 4001, 4007],
  ['Goes', 4461, 4465],
  ['Weert', 6001, 6006],
] as const;

const kinds = ['straat', 'laan', 'weg', 'plein', 'kade', 'singel', 'dijk', 'hof', 'pad', 'steeg', 'park', 'dreef'];
const named =
  `Dorps Kerk Molen School Stations Wilhelmina Juliana Beatrix Eiken Beuken Linden Kastanje Berken Raadhuis Markt Haven Brink Nieuwe Oude Park Tuin Ooster Wester Zuider Noorder Prins Oranje Vondel Rembrandt
  Hooft Merel Lijster Zwaluw Mezen Tulpen Rozen Narcissen Parallel Industrie Burgemeester Watertoren Sluis Veen Heide Bos Duin Zee`.split(
    /\s+/,
  );
export const streets = named.flatMap((name) => kinds.map((kind) => name + kind));
