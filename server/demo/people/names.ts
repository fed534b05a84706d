/** Names as they are spread over the Netherlands: the most common first. A family name may begin with its prefix. */

export const givenNames = {
  mrs: `Maria Anna Johanna Elisabeth Cornelia Sophie Emma Julia Anouk Sanne Lisa Marieke Esther Linda Monique Saskia Petra Ingrid Marjan Wilma Ria Annie Truus Corrie Hennie
    Femke Lotte Fleur Iris Eva Sara Lieke Noa Tess Mila Nina Roos Isa Julie Anne Amber Maud Britt Naomi Laura Kim Michelle Melissa Daphne Manon Nathalie Sandra Yvonne Jolanda
    Astrid Mirjam Marloes Judith Suzanne Karin Marianne Ellen Els Hanneke Janneke Annemarie Margriet Margreet Gerda Bep Jannie Willemien Geertje Trijntje Sietske Froukje Tjitske
    Fatima Aisha Samira Naima Khadija Fatma Ayşe Emine Zeynep Elif Nadia Yasmina Soumaya Chantal Charlotte Caroline Cécile Renée Zoë Chloë Noëlle Daniëlle Joëlle Mariëlle
    Agnieszka Katarzyna Magdalena Ewa Olga Natalia Svetlana Mei Ling Nguyet Priya Sunita Shanti Cheryl Shirley Jennifer Jessica Rachel Rebecca Priscilla Merel Jasmijn Floor Fenna
    Fenne Evi Elin Liv Saar Yara Nora Olivia Zara Hanna Hannah Lynn Lina Sofie Vera Vivian Wendy Patricia Brigitte Bianca Angelique Marjolein Liesbeth Lies Leonie Leontine Louise`,
  mr: `Jan Johannes Peter Hendrik Cornelis Willem Pieter Gerrit Jacob Henk Piet Kees Wim Hans Johan Frans Martin Dirk Ton Rob Marcel Erik Mark Paul Bas Jeroen Dennis Martijn
    Sander Michel Patrick Ronald Richard Robert Edwin Arjan Bart Joris Thijs Tim Tom Daan Sem Lucas Levi Finn Noah Milan Luuk Jesse Bram Thomas Stijn Lars Ruben Julian Max Sven Niels
    Rick Kevin Jordy Stefan Danny Frank Leo Theo Nico Gerard Albert Arie Klaas Jaap Sjaak Bert Harrie Harm Sietse Sjoerd Tjeerd Wiebe Jelle Wouter Maarten Koen Gijs Floris Olivier
    Mohamed Mohammed Ahmed Youssef Hamza Omar Ali Mehmet Mustafa Murat Emre Yusuf Hasan Ibrahim Said Rachid Karim Bilal Piotr Krzysztof Tomasz Marek Andrei Dmitri Wei Minh Raj Vikram
    Ravi Anil Winston Clyde Roy Glenn Ruud Ruben Rogier Rutger Roelof Roel Reinier René André Benoît Jérôme Björn Jörg Jurgen Jurriaan Quinten Quirijn IJsbrand Ijde Eelco Eelke
    Christiaan Christian Kristian Casper Kasper Jasper Philip Filip Stephan Steven Lambert Leendert Teunis Teun Evert Everhard Aart Ad Adriaan Adrianus Antonius Marinus Martinus`,
};

export const familyNames =
  `de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra
Smits|de Graaf|van der Meer|van der Linden|Kok|Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|van den Broek|de Bruijn|de Bruin|van der Heijden|Schouten|van Beek|Willems|van Vliet|van der Ven
Hoekstra|Maas|Verhoeven|Koster|van Dam|van der Wal|Prins|Blom|Huisman|Peeters|de Jonge|Kuipers|van Veen|Post|Kuiper|Veenstra|Kramer|van den Brink|Scholten|van Wijk|Postma|Martens|Vink|de Ruiter
Timmermans|Groen|Gerritsen|Jonker|van Loon|Boer|van der Velde|Willemsen|Smeets|de Lange|de Vos|Bosch|van Dongen|Schipper|de Koning|van der Laan|Koning|van der Velden|Driessen|van Doorn|Hermans|Evers
van den Bosch|van der Meulen|Hofman|Bosman|Wolters|Sanders|van der Horst|Mol|Kuijpers|Molenaar|van de Pol|de Leeuw|Verbeek|Yılmaz|Öztürk|Demir|Kaya|Çelik|Şahin|Yıldız|Yıldırım|Aydın|El Amrani|Bouzid
Benali|Amrani|Mohan|Ramdin|Singh|Bhagwandin|Nguyen|Tran|Chen|Wang|Kowalski|Nowak|Wiśniewska|Müller|Schmidt|Schneider|Meyer|Fischer|Weber|Koopman|Koopmans|Vermeer|van Rijn|van der Berg|van den Hoek
van Es|van Ommen|Zijlstra|Zwart|de Zwart|Schaap|Schaafsma|Scheffer|Schuurman|Schipperheijn|Ooms|Oosterhuis|Oudshoorn|van Oudenaarde|Kooijman|Kooiman|Kooistra|Tuinstra|Tuinman|Hoogland|Hogendoorn
in ’t Veld|van ’t Hof|’t Hart|ten Brink|ten Cate|ter Horst|ter Beek|op den Kamp|van Zanten|van Santen|Xhofleer|Fopma|Phaff|Pfeiffer|Quist|Kwist|Wijnands|Weijnands|Wijers|Weijers|Rijken|Reijken|Tijssen
Thijssen|Teijssen|Thomassen|Tomassen|Cornelissen|Kornelissen|Claassen|Klaassen|Klaasen|Croon|Kroon|Creemers|Kremers|Cuijpers|Coppens|Koppens|Eijkelenboom|Eikelboom|IJzerman|Eizerman|van IJzendoorn
Bouwman|Bouman|Bauman|Houtman|Hautman|Goudsmit|Goutsmid|Brandsma|Brandt|Brant|Ruijter|Ruiter|Kuijt|Kuit|Buijs|Buis|Luijten|Luiten|van Buuren|van Buren|Geerts|Geurts|Gerrits|Lammers|Lambers|Lamers`
    .split(/[|\n]/)
    .map((name) => name.trim());

const beginnings =
  `Wester Ooster Noorder Zuider Boven Beneden Achter Voor Midden Nieuw Oud Groot Klein Lang Kort Hoog Laag Broek Berg Bos Dam Dijk Eik Els Berken Linde Wilgen Hazel Heide Hof Hul Kamp Kerk
  Klooster Koe Kolk Kraai Kreek Kruis Kuil Lange Leeuw Loo Maat Meer Molen Moer Nagel Nes Oever Olde Paal Plas Pol Poel Raven Riet Rijn Roode Sluis Spaan Spier Steen Stege Stroom Struik Tol Turf
  Uiter Veen Veld Venne Vliet Vogel Waal Water Weide Wier Wind Winkel Witte Wolf Zand Zee Zonne Zwane Zwarte Apel Boere Bloem Brand Brouw Buiten Diepe Doorne Dorp Duin Eland Erve Ganze Geer Goud Gras
  Haver Hamer Heem Hemel Hoek Holt Honing Houte IJssel Jager Kaas Kalk Karn Kastelein Koper Korte Kwekel Laken Lam Markt Mast Munt Onder Over Parel Peper Pijl Post Rade Ros Schaap Schans Scheep
  Schild Schoone Schuur Slot Smeden Snoek Spijker Stad Ster Stoel Tange Teun Tjal Timmer Tuin Varken Vecht Vis Vlas Voet Vrede Waard Wagen Wal Weer Werf Wijn Wilder Wouter Zaal Zijl Zilver Zuur`.split(
    /\s+/,
  );
const endings =
  `berg burg dijk dam hof huis huizen horst kamp man mans meijer meyer meier ma sma stra inga enga veld velt voort beek broek brink bosch bos boom bouw bakker dorp donk eind gaard haar hart heide hout
  hoven kate kerk land laan loo loon maat meer mond oord poort pol rade riet rijk schot steeg stee stein steen straat sluis tuin venne vliet voorde waard wal weg werf wijk winkel wold woud zand zicht sen sens ssen
  ens ers erts aart aerts kens kes ink ing ingh man zoon meester smid schut snijder drager vaart vis water weide zijl`.split(
    /\s+/,
  );
/** Kolksteeg, Kolkersteeg, Kolkensteeg … */
const links = ['', 'er', 'en', 'e', 's'];
const tailPrefixes = ['', '', '', '', '', '', '', 'van ', 'van der ', 'van de ', 'van den ', 'de ', 'te ', 'ten '];

/** The long tail: names that few people have, and that look like one another. */
export function rareFamilyNames(): string[] {
  const all = links.flatMap((link, k) =>
    beginnings.flatMap((beginning, i) =>
      endings.map(
        (ending, j) =>
          (tailPrefixes[(i * 31 + j * 17 + k * 7) % tailPrefixes.length] ?? '') +
          joined(joined(beginning, link), ending),
      ),
    ),
  );
  // Spread out, so that the more common ones do not all begin alike.
  return all
    .map((name, n) => ({ name, key: (n * 57_917) % all.length }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ name }) => name);
}

function joined(beginning: string, ending: string): string {
  return beginning + (ending !== '' && beginning.at(-1) === ending[0] ? ending.slice(1) : ending);
}

export const businesses =
  `Bakkerij|Bouwbedrijf|Garage|Installatiebedrijf|Schildersbedrijf|Administratiekantoor|Kapsalon|Fysiotherapie|Tandartspraktijk|Hoveniersbedrijf|Slagerij|Bloemen|Fietsenmaker|Advocaten|Architecten|Makelaardij
Restaurant|Café|Hotel|Sportschool|Kinderopvang|Drukkerij|Transport|Zuivelhandel|Timmerwerken|Loodgieters|Optiek|Apotheek|Boekhandel|Rijschool`.split(
    /[|\n]/,
  );
