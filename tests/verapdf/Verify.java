import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Judges PDF files with veraPDF by PDF/A-3a and PDF/UA-1; prints one line per file, standard and broken rule.
 *
 * <p>Lines, divided by tabs: {@code checked FILE STANDARD CHECKS}, {@code broken FILE STANDARD CLAUSE MESSAGE},
 * {@code unreadable FILE STANDARD REASON}. The jar at hand cannot read its own profiles (it lacks JAXB), so they are
 * read here.
 */
public final class Verify {
    private static final String PROFILES = "/org/verapdf/pdfa/validation/";
    private static final String JDK_PARSER = "com.sun.org.apache.xerces.internal.jaxp.DocumentBuilderFactoryImpl";

    public static void main(String[] files) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        Map<String, ValidationProfile> standards = new TreeMap<>();
        standards.put("PDF/A-3a", readProfile("PDFA-3A.xml", PDFAFlavour.PDFA_3_A));
        standards.put("PDF/UA-1", readProfile("PDFUA-1.xml", PDFAFlavour.PDFUA_1));
        for (String file : files) {
            for (Map.Entry<String, ValidationProfile> standard : standards.entrySet()) {
                judge(file, standard.getKey(), standard.getValue());
            }
        }
    }

    private static void judge(String file, String standard, ValidationProfile profile) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), profile.getPDFAFlavour())) {
            ValidationResult result =
                    Foundries.defaultInstance().createValidator(profile, false).validateAll(parser).get(0);
            Map<String, String> broken = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    broken.putIfAbsent(rule, assertion.getMessage());
                }
            }
            broken.forEach((rule, message) -> print("broken", file, standard, rule, message));
            if (broken.isEmpty() != result.isCompliant()) {
                print("unreadable", file, standard, "the verdict contradicts the assertions");
            }
            print("checked", file, standard, String.valueOf(result.getTotalAssertions()));
        } catch (Exception error) {
            print("unreadable", file, standard, String.valueOf(error));
        }
    }

    private static void print(String... fields) {
        List<String> clean = new ArrayList<>();
        for (String field : fields) {
            clean.add(String.valueOf(field).replaceAll("\\s+", " "));
        }
        System.out.println(String.join("\t", clean));
    }

    private static ValidationProfile readProfile(String name, PDFAFlavour flavour) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance(JDK_PARSER, null);
        factory.setNamespaceAware(true);
        Element root;
        try (InputStream stream = Verify.class.getResourceAsStream(PROFILES + name)) {
            root = factory.newDocumentBuilder().parse(stream).getDocumentElement();
        }
        Set<Rule> rules = new LinkedHashSet<>();
        for (Element rule : below(root, "rule")) {
            rules.add(readRule(rule));
        }
        Set<Variable> variables = new LinkedHashSet<>();
        for (Element variable : below(root, "variable")) {
            variables.add(Profiles.variableFromValues(
                    variable.getAttribute("name"),
                    variable.getAttribute("object"),
                    text(variable, "defaultValue"),
                    text(variable, "value")));
        }
        return Profiles.profileFromValues(
                flavour, Profiles.profileDetailsFromValues(name, "", "", new Date(0)), "", rules, variables);
    }

    private static Rule readRule(Element rule) {
        Element id = below(rule, "id").get(0);
        return Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(
                        PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                        id.getAttribute("clause"),
                        Integer.parseInt(id.getAttribute("testNumber"))),
                rule.getAttribute("object"),
                rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null,
                rule.getAttribute("tags"),
                text(rule, "description"),
                text(rule, "test"),
                Profiles.errorFromValues(text(rule, "message"), new ArrayList<>()),
                new ArrayList<>());
    }

    private static List<Element> below(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagNameNS("*", name);
        for (int index = 0; index < nodes.getLength(); index++) {
            found.add((Element) nodes.item(index));
        }
        return found;
    }

    private static String text(Element parent, String name) {
        List<Element> found = below(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }

    private Verify() {}
}
