package dev.cultivar;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of the house, checked on what the compiler wrote: which package may know which, and who may print.
///
/// A rule over a package that does not exist yet holds.
class ArchitectureTest {
    /// Packages of module `model`, which a service depends on.
    private static final String[] MODEL = {
        "dev.cultivar.batch..", "dev.cultivar.torch..", "dev.cultivar.format..", "dev.cultivar.text..", "dev.cultivar.image..", "dev.cultivar.nn..",
        "dev.cultivar.predict..", "dev.cultivar.generate.."
    };

    /// Packages that read, check and print without libtorch, so that mistakes are told at once.
    private static final String[] WITHOUT_LIBTORCH = {
        "dev.cultivar.batch..", "dev.cultivar.format..", "dev.cultivar.text..", "dev.cultivar.image..", "dev.cultivar.recipe..", "dev.cultivar.data..",
        "dev.cultivar.corpus..", "dev.cultivar.pictures..", "dev.cultivar.report..", "dev.cultivar.zoo..", "dev.cultivar.hub.."
    };

    /// Interfaces with many members, of which the loop must not know which one it has.
    private static final Set<String> FAMILIES =
            Set.of("Objective", "Feed", "Source", "Batches", "Model", "Backbone", "Head", "Strategy", "Optimizer");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cultivar");

    @Test
    void theHouseIsSeen() {
        assertThat(HOUSE).extracting(JavaClass::getPackageName)
                .contains("dev.cultivar.batch", "dev.cultivar.torch", "dev.cultivar.recipe", "dev.cultivar.zoo");
    }

    @Test
    void packagesHaveNoCycles() {
        holds(slices().matching("dev.cultivar.(*)..").should().beFreeOfCycles());
    }

    @Test
    void modelKnowsNothingOfTrain() {
        holds(noClasses().that().resideInAnyPackage(MODEL).should().dependOnClassesThat(
                        resideInAPackage("dev.cultivar..").and(DescribedPredicate.not(resideInAnyPackage(MODEL))))
                .because("a service that runs a model needs nothing that makes one"));
    }

    @Test
    void readingNeedsNoLibtorch() {
        holds(noClasses().that().resideInAnyPackage(WITHOUT_LIBTORCH).should().dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "dev.cultivar.torch..", "dev.cultivar.nn..")
                .because("recipes, tables and files are read and refused before libtorch is loaded"));
    }

    @Test
    void onlyOnePackageKnowsJavaCpp() {
        holds(outside("dev.cultivar.torch..").should().dependOnClassesThat().resideInAPackage("org.bytedeco.javacpp..")
                .because("lifetimes of native memory are the business of one package; the others call libtorch's operators"));
    }

    @Test
    void onlyTheCommandLinePrints() {
        holds(printing());
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        holds(outside("dev.cultivar.cli..").should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class)
                .because("a library does not end its host's process"));
    }

    @Test
    void theLoopKnowsNoMemberOfAFamily() {
        holds(noClasses().that().resideInAPackage("dev.cultivar.loop..").should().dependOnClassesThat(aMember())
                .because("what is trained answers for itself; nobody asks what it is"));
    }

    @Test
    void theLoopAsksNoInstanceof() {
        holds(askingInstanceof("dev.cultivar.loop.."));
    }

    @Test
    void theLoopReadsNoRecipeOfAFamily() {
        holds(noClasses().that().resideInAPackage("dev.cultivar.loop..").should().dependOnClassesThat()
                .haveNameMatching("dev\\.cultivar\\.recipe\\.(Objective|Data|Backbone|Strategy|Optimizer)Recipe(\\$.*)?")
                .because("what a recipe says is built before the loop starts"));
    }

    @Test
    void nothingIsFoundByReflection() {
        holds(outside("dev.cultivar.cli..").should().dependOnClassesThat().resideInAPackage("java.lang.reflect..")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.util.ServiceLoader")
                .because("what runs is what was written; only the command line opens a user's jar"));
    }

    @Test
    void nothingStaticChanges() {
        // libtorch is one for the process, so package torch remembers that it was started.
        holds(noFields().that().areDeclaredInClassesThat(
                        resideInAPackage("dev.cultivar..").and(DescribedPredicate.not(resideInAPackage("dev.cultivar.torch.."))))
                .and().areNotFinal().should().beStatic());
    }

    @Test
    void namesSayWhatAThingIs() {
        holds(classes().that().resideInAPackage("dev.cultivar..")
                .should().haveNameNotMatching(".*(Manager|Helper|Utils?|Impl|Info)(\\$.*)?")
                .andShould().haveNameNotMatching(".*[.$](Abstract|Base|Default)[A-Z].*"));
    }

    @Test
    void theMainApiShowsNoTensor() {
        holds(methods().that().areDeclaredInClassesThat(resideInAnyPackage("dev.cultivar", "dev.cultivar.predict..", "dev.cultivar.generate..", "dev.cultivar.recipe..")
                        .and(describe("are public", type -> type.getModifiers().contains(JavaModifier.PUBLIC))))
                .and().arePublic().should(showNothingOf("org.bytedeco"))
                .because("who trains and asks models by recipe needs no word of libtorch"));
    }

    @Test
    void aRuleCanFail() {
        assertThatThrownBy(() -> printing().check(new ClassFileImporter().importClasses(Chatty.class)))
                .hasMessageContaining("Chatty");
        assertThatThrownBy(() -> askingInstanceof("dev.cultivar").check(
                        new ClassFileImporter().importClasses(Curious.class, Objective.class)))
                .hasMessageContaining("Curious");
        assertThatThrownBy(() -> methods().should(showNothingOf("java.util")).check(new ClassFileImporter().importClasses(Curious.class, Showing.class)))
                .hasMessageContaining("Showing");
    }

    private static ArchRule printing() {
        return outside("dev.cultivar.cli..").should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace")
                .because("only the command line prints");
    }

    private static ArchRule askingInstanceof(String place) {
        var asks = new ArchCondition<JavaClass>("ask instanceof of a family") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getInstanceofChecks().stream()
                        .filter(asked -> ofFamily(asked.getRawType()))
                        .forEach(asked -> events.add(SimpleConditionEvent.satisfied(type, type.getName() + ":" + asked.getLineNumber())));
            }
        };
        return noClasses().that().resideInAPackage(place).should(asks);
    }

    private static ArchCondition<JavaMethod> showNothingOf(String place) {
        return new ArchCondition<>("show nothing of " + place) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(method.getParameterTypes().stream(), Stream.of(method.getReturnType()))
                        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .filter(type -> type.getPackageName().startsWith(place))
                        .forEach(type -> events.add(SimpleConditionEvent.violated(method, method.getFullName() + " shows " + type.getName())));
            }
        };
    }

    private static GivenClassesConjunction outside(String place) {
        return noClasses().that().resideInAPackage("dev.cultivar..").and().resideOutsideOfPackage(place);
    }

    private static DescribedPredicate<JavaClass> aMember() {
        return describe("are members of a family", type -> !type.isInterface() && ofFamily(type));
    }

    private static boolean ofFamily(JavaClass type) {
        return isFamily(type) || type.getAllRawInterfaces().stream().anyMatch(ArchitectureTest::isFamily);
    }

    private static boolean isFamily(JavaClass type) {
        return type.isInterface() && type.getPackageName().startsWith("dev.cultivar") && FAMILIES.contains(type.getSimpleName());
    }

    private static void holds(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }

    private interface Objective {}

    private static final class Chatty {
        void greet() {
            System.out.println("hello");
        }
    }

    private static final class Showing {
        List<String> shown(int count) {
            return List.of(String.valueOf(count));
        }
    }

    private static final class Curious {
        boolean asks(Object something) {
            return something instanceof Objective;
        }
    }
}
