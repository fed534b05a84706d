import type { DemoArticle } from './client.ts';

const dutch: [string, string][] = [
  [
    'Retourneren: wat mag en hoe het gaat',
    `Klanten hebben 30 dagen bedenktijd vanaf de dag van bezorging. Dat is meer dan de wettelijke 14 dagen.

Wat doet u?
1. Zoek de bestelling op en controleer de bezorgdatum.
2. Vraag waarom: kleur, maat, kwaliteit of bedacht. Noteer dat als reden.
3. Pakketten tot 20 kg: mail het retourlabel. Grote meubels: plan het ophalen, kosten € 39.
4. Zeg dat het geld binnen 14 dagen na aanmelding wordt teruggestort.

Maatwerk en geopende matrassen nemen we niet terug. Leg uit waarom en bied een collega van Woonadvies aan.`,
  ],
  [
    'Bezorging: tijden, tijdvak en etage',
    `De bezorger belt een dag van tevoren met een tijdvak van drie uur. Pakketten gaan met de pakketdienst, meubels met ons eigen vervoer op dinsdag tot en met zaterdag.

Tot in de kamer kost € 49 en is gratis vanaf € 750. Is de trap te smal, dan beslist de bezorger ter plaatse; takelen kan niet.`,
  ],
  [
    'Levering te laat: wat bieden we aan',
    `Begin met excuses en vraag wat de vertraging voor de klant betekent.

Tot 5 werkdagen te laat: nieuwe afspraak met voorrang.
Meer dan 5 werkdagen: nieuwe afspraak en de bezorgkosten terug.
Meer dan 15 werkdagen: de klant mag kosteloos annuleren. Bied eerst een vergelijkbaar product aan dat op voorraad is.

Beloof geen datum die niet in het systeem staat.`,
  ],
  [
    'Beschadigd ontvangen',
    `Vraag om foto’s van de schade, de verpakking en het etiket. Klanten melden schade het liefst binnen 48 uur, maar later mag ook.

Klein (kras, deuk in onderdeel): stuur het onderdeel na. Groot: vervangen of terugbetalen, de klant kiest. De klant hoeft de schade niet te bewijzen in het eerste jaar.`,
  ],
  [
    'Onderdeel ontbreekt',
    `Zoek het onderdeelnummer in de handleiding (achterin). Kleine onderdelen gaan per brief en zijn er de volgende dag. Voor planken en deuren: vervanging via Voorraad, twee tot vijf werkdagen.`,
  ],
  [
    'Garantie per productgroep',
    `Meubels: 5 jaar op constructie, 2 jaar op stof en lak. Lampen: 3 jaar, lichtbronnen 1 jaar. Matrassen: 10 jaar, aflopend vanaf jaar 4.

De garantie komt naast de wettelijke rechten: een product moet doen wat de klant ervan mag verwachten, ook na de garantietermijn.`,
  ],
  [
    'Facturen en betalen',
    `Betalen kan met iDEAL, creditcard, achteraf binnen 14 dagen of op rekening (zakelijk). De factuur staat in het account en is opnieuw te mailen vanuit de bestelling.

Dubbel betaald? Het tweede bedrag gaat binnen drie werkdagen terug naar dezelfde rekening. Vraag nooit om een pincode of volledig kaartnummer.`,
  ],
  [
    'Bestelling wijzigen of annuleren',
    `Tot de bestelling is ingepakt kan alles nog: adres, aantal, kleur. Daarna alleen het adres, tot de avond voor de bezorging. Annuleren na verzending behandelen we als retour.`,
  ],
  [
    'Montage: veelgestelde vragen',
    `Dressoir Iep en Boekenkast Den moeten aan de muur vast; de beugels zitten in de doos. Draai bij tafels de bouten pas helemaal aan als alle poten staan.

Montage aan huis kost € 79 per adres en wordt binnen een week na bezorging gepland.`,
  ],
  [
    'Onderhoud van geolied hout',
    `Twee keer per jaar in de olie. Vlekken: schuurspons met de nerf mee, daarna olie. Geen allesreiniger. De onderhoudsset (DI-903) is genoeg voor vijf jaar.`,
  ],
  [
    'Stofstalen en kleuradvies',
    `Een stalenset is gratis, acht stoffen per set, en gaat met de post. Raad aan de stalen bij daglicht te bekijken. Bij een lichte vloer geeft een donkerder tint rust; bij weinig daglicht juist een lichte.`,
  ],
  [
    'Zakelijke klanten en kortingen',
    `Vanaf 10 stuks 12 % korting, vanaf 50 stuks op aanvraag bij Woonadvies. Levering op rekening na controle van het KvK-nummer. Een offerte is 30 dagen geldig.`,
  ],
  [
    'Klachten: zo pakken we ze aan',
    `Luister eerst, vat samen, zeg sorry waar het onze fout is. Spreek af wat er gebeurt en wanneer, en leg dat vast. Een klacht is pas klaar als de klant dat zegt: na een week controleren we het.

Tegemoetkoming tot € 50 mag u zelf geven. Daarboven beslist de teamleider.`,
  ],
  [
    'Privacy: gegevens inzien of wissen',
    `Klanten mogen hun gegevens inzien, verbeteren en laten wissen. Verwijs naar het formulier in het account of neem het verzoek aan; binnen een maand volgt antwoord. Controleer wie er belt met postcode, huisnummer en een bestelnummer.`,
  ],
  [
    'Acties van deze maand',
    `Licht voor de donkere dagen: 15 % op alle vloerlampen tot en met 31 december, niet samen met andere kortingen. De korting gaat er in de winkelwagen vanzelf af.`,
  ],
  [
    'Winkels en openingstijden',
    `De toonzalen in Utrecht en Zwolle zijn open van dinsdag tot en met zaterdag van 10.00 tot 17.30 uur. Afhalen kan op afspraak. De klachtenlijn is bereikbaar op werkdagen van 8.00 tot 21.00 en zaterdag van 9.00 tot 17.00 uur.`,
  ],
];

const english: [string, string][] = [
  [
    'Returning an order',
    `Customers may return anything within 30 days of delivery, except made-to-measure items and opened mattresses. Parcels up to 20 kg go back with a label by mail; furniture is collected for € 39. Refunds take up to 14 days.`,
  ],
  [
    'Delivery slots explained',
    `The driver calls the day before with a three-hour slot. Furniture is delivered from Tuesday to Saturday. Delivery into the room costs € 49 and is free from € 750.`,
  ],
  [
    'Warranty in short',
    `Furniture: 5 years on construction, 2 years on fabric and finish. Lamps: 3 years. The law gives customers rights beyond that: a product must do what one may expect of it.`,
  ],
];

export const lindeboomArticles: DemoArticle[] = [
  ...dutch.map(([title, body]) => ({ title, body, language: 'nl' as const })),
  ...english.map(([title, body]) => ({ title, body, language: 'en' as const })),
];
